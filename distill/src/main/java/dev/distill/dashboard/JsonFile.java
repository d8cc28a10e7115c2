package dev.distill.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file of a run that holds one object. */
final class JsonFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonFile() {}

    /** The file's object; an empty one where there is none. */
    static ObjectNode object(Path file) {
        try {
            if (Files.exists(file) && JSON.readTree(Files.readString(file)) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // not one of ours
        } catch (IOException e) {
            return JSON.createObjectNode(); // it has just gone
        }
        return JSON.createObjectNode();
    }
}
