package dev.distill.eval.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the control groups of this process are, by what is counted there; the empty word stands for version 2, which counts all in one place.
 *
 * @param candidates folders in which a group might be made, the nearest first
 */
record CgroupMounts(Map<String, List<Path>> candidatesByController) {
    List<Path> candidates(String controller) {
        return candidatesByController.getOrDefault(controller, List.of());
    }

    /**
     * Reads both tables (cgroups(7), proc(5)).
     *
     * @param own lines {@code id:controllers:path}
     * @param mounts lines {@code id parent device root point options ... - type source options}
     */
    static CgroupMounts of(List<String> own, List<String> mounts) {
        Map<String, String> paths = new HashMap<>();
        for (String line : own) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3) {
                Arrays.stream(parts[1].split(",")).forEach(controller -> paths.put(controller, parts[2]));
            }
        }
        Map<String, List<Path>> found = new HashMap<>();
        for (String line : mounts) {
            String[] halves = line.split(" - ", 2);
            String[] mount = halves[0].split(" ");
            String[] type = halves.length < 2 ? new String[0] : halves[1].split(" ");
            if (type.length < 3 || mount.length < 5) {
                continue;
            }
            List<String> controllers = switch (type[0]) {
                case "cgroup2" -> List.of("");
                case "cgroup" -> List.of(type[2].split(","));
                default -> List.of();
            };
            for (String controller : controllers) {
                if (paths.containsKey(controller)) {
                    found.putIfAbsent(controller, upwards(Path.of(mount[4]), mount[3], paths.get(controller)));
                }
            }
        }
        return new CgroupMounts(found);
    }

    /** From a process's own group up to the mount. */
    private static List<Path> upwards(Path point, String root, String own) {
        String below = root.equals("/") ? own : own.startsWith(root) ? own.substring(root.length()) : "";
        Path at = point.resolve(below.replaceFirst("^/+", "")).normalize();
        List<Path> all = new ArrayList<>();
        while (at != null && at.startsWith(point)) {
            all.add(at);
            at = at.getParent();
        }
        return all;
    }
}
