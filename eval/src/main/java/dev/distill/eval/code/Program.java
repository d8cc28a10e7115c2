package dev.distill.eval.code;

import dev.distill.eval.sandbox.Job;
import dev.distill.eval.sandbox.Job.Given;
import dev.distill.eval.sandbox.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An answer's program, ready to run.
 *
 * @param command that starts it, in the sandbox
 * @param files it consists of
 * @param folders of this machine that it needs
 */
record Program(Language language, List<String> command, List<Given> files, Map<Path, String> folders) {
    Program {
        command = List.copyOf(command);
        files = List.copyOf(files);
        folders = Map.copyOf(folders);
    }

    Job job(byte[] stdin, Limits limits) {
        return new Job(command, files, folders, stdin, limits, language == Language.JAVA);
    }
}
