package dev.distill.eval.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which folder each model's {@link HarnessFiles} lie in, and that nothing of an earlier report lies beside them. */
final class HarnessFolders {
    private HarnessFolders() {}

    /** As the harness makes a folder's name of a model's ({@code sanitize_model_name}); dots alone are no name. */
    static String sanitized(String model) {
        String name = model.replaceAll("[\"<>:/|\\\\?*\\[\\]\\p{Cntrl}]+", "__");
        return name.matches("\\.*") ? "_" + name : name;
    }

    /**
     * Folders by models. Where two models would share one ({@code a/b} and {@code a:b}, or names that differ in capitals alone, which some file systems do not tell
     * apart), the later one's has a part of its name's hash behind it.
     */
    static Map<String, String> names(List<String> models) {
        Map<String, String> names = new LinkedHashMap<>();
        List<String> taken = new ArrayList<>();
        for (String model : models) {
            String name = sanitized(model);
            if (taken.contains(name.toLowerCase(Locale.ROOT))) {
                name = name + "__" + hash(model);
            }
            taken.add(name.toLowerCase(Locale.ROOT));
            names.put(model, name);
        }
        return names;
    }

    private static String hash(String model) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(model.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Removes results and samples that are not among these, and folders that are empty then; anything else stays. */
    static void removeOthers(Path folder, List<Path> written) throws IOException {
        try (DirectoryStream<Path> models = Files.newDirectoryStream(folder)) {
            for (Path model : models) {
                if (Files.isDirectory(model, LinkOption.NOFOLLOW_LINKS)) {
                    removeOthersOf(model, written);
                }
            }
        }
    }

    private static void removeOthersOf(Path model, List<Path> written) throws IOException {
        boolean empty = true;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(model)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                boolean ours = name.matches("results_.*\\.json|samples_.*\\.jsonl") && Files.isRegularFile(file);
                if (ours && !written.contains(file)) {
                    Files.delete(file);
                } else {
                    empty = false;
                }
            }
        }
        if (empty) {
            Files.delete(model);
        }
    }
}
