package dev.distill.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The two lists of a model's files that the hub gives, as it writes them. */
final class FileLists {
    /** Git's hash and size of the pointer that stands for a large file in its tree: not those of the content. */
    private static final String POINTER = "f".repeat(BlobHash.SHA1_DIGITS);

    private static final int POINTER_SIZE = 135;

    private FileLists() {}

    /** {@code /api/models/ID/revision/REVISION}; with sizes and hashes, as for {@code ?blobs=true}, or without. */
    static byte[] siblings(String commit, Map<String, byte[]> files, boolean withHashes) {
        ObjectNode list = new ObjectMapper()
                .createObjectNode()
                .put("id", ScriptedHub.REPOSITORY)
                .put("sha", commit);
        ArrayNode siblings = list.putArray("siblings");
        files.forEach((name, content) -> {
            ObjectNode sibling = siblings.addObject().put("rfilename", name);
            if (!withHashes) {
                return;
            }
            sibling.put("size", content.length);
            if (ScriptedHub.isLarge(name)) {
                sibling.put("blobId", POINTER)
                        .putObject("lfs")
                        .put("sha256", ScriptedHub.etag(name, content))
                        .put("size", content.length)
                        .put("pointerSize", POINTER_SIZE);
            } else {
                sibling.put("blobId", ScriptedHub.etag(name, content));
            }
        });
        return list.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** {@code /api/models/ID/tree/COMMIT}, which Python's snapshot_download asks for. */
    static byte[] tree(Map<String, byte[]> files) {
        ArrayNode tree = new ObjectMapper().createArrayNode();
        files.forEach((name, content) -> {
            ObjectNode entry =
                    tree.addObject().put("type", "file").put("path", name).put("size", content.length);
            if (ScriptedHub.isLarge(name)) {
                entry.put("oid", POINTER)
                        .putObject("lfs")
                        .put("oid", ScriptedHub.etag(name, content))
                        .put("size", content.length)
                        .put("pointerSize", POINTER_SIZE);
            } else {
                entry.put("oid", ScriptedHub.etag(name, content));
            }
        });
        return tree.toString().getBytes(StandardCharsets.UTF_8);
    }
}
