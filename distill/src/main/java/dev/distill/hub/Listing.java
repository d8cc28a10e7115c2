package dev.distill.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the hub says a revision holds: {@code GET /api/models/OWNER/NAME/revision/REVISION?blobs=true}.
 *
 * @param commit that the revision means now
 * @param names of all files
 * @param described those whose size and hash it told
 */
record Listing(String commit, List<String> names, Map<String, RemoteFile> described) {
    Listing {
        names = List.copyOf(names);
        described = Map.copyOf(described);
    }

    /** Size and hash of a file, where the list told them. */
    Optional<RemoteFile> file(String name) {
        return Optional.ofNullable(described.get(name));
    }

    /**
     * Reads the reply.
     *
     * @param token kept out of messages, should the server repeat it
     * @throws HubException if it is none, or if a name in it leads out of the model's folder
     */
    static Listing of(HubId id, byte[] json, ApiKey token) throws IOException {
        JsonNode reply;
        try {
            reply = new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw noHub(id, "no JSON");
        }
        String commit = reply.path("sha").asText();
        if (!HubId.isCommit(commit) || !reply.path("siblings").isArray()) {
            throw noHub(id, "no commit (sha) and no list of files (siblings)");
        }
        if (HubId.isCommit(id.revision()) && !id.revision().equals(commit)) {
            throw noHub(id, "another commit, " + commit);
        }
        List<String> names = new ArrayList<>();
        Map<String, RemoteFile> described = new HashMap<>();
        for (JsonNode sibling : reply.path("siblings")) {
            String name = sibling.path("rfilename").asText();
            if (RemoteFile.leadsOut(name)) {
                throw unsafe(id, token.mask(name));
            }
            names.add(name);
            describe(name, sibling).ifPresent(file -> described.put(name, file));
        }
        return new Listing(commit, names, described);
    }

    private static Optional<RemoteFile> describe(String name, JsonNode sibling) {
        JsonNode large = sibling.path("lfs");
        return large.hasNonNull("sha256")
                ? RemoteFile.of(
                        name,
                        large.path("size").asLong(-1),
                        large.path("sha256").asText())
                : RemoteFile.of(
                        name,
                        sibling.path("size").asLong(-1),
                        sibling.path("blobId").asText());
    }

    private static HubException noHub(HubId id, String what) {
        return new HubException(
                HubException.Kind.UNREACHABLE,
                "hub: " + id + ": the server answers with " + what + " where its list of files must be; is HF_ENDPOINT"
                        + " the address of a hub?");
    }

    private static HubException unsafe(HubId id, String name) {
        return new HubException(
                HubException.Kind.UNSAFE,
                "hub: " + id + ": names of files must be plain paths inside the model; the list has \""
                        + name.replaceAll("\\p{Cntrl}", "?")
                        + "\", so nothing is fetched; tell those who run the server or own the model");
    }
}
