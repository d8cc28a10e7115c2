package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with real models that cannot be says what it lacks: nobody finds that out from "1 skipped". */
class PeersTest {
    @TempDir
    Path folder;

    private Peers peers(String python) throws IOException {
        Files.createDirectories(folder.resolve("venv/bin"));
        Path file = Files.writeString(folder.resolve("venv/bin/python"), "#!/bin/sh\n" + python + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return new Peers(folder, folder.resolve("cases"));
    }

    @Test
    void whereNothingIsThereEverythingIsNamedWithItsSource() throws Exception {
        assertThat(new Peers(Path.of("DIR"), Path.of("FOLDER")).missing())
                .satisfiesExactly(
                        python -> assertThat(python)
                                .startsWith("DIR/venv/bin/python: python3 -m venv DIR/venv")
                                .contains("llama-cpp-python[server], torch, transformers, peft and safetensors"),
                        teacher -> assertThat(teacher)
                                .startsWith("DIR/models/gguf/qwen2.5-0.5b-q4.gguf: ")
                                .contains("Qwen/Qwen2.5-0.5B-Instruct-GGUF on the hub"),
                        student -> assertThat(student)
                                .startsWith("DIR/models/smollm2-135m: ")
                                .contains("HuggingFaceTB/SmolLM2-135M-Instruct on the hub"),
                        questions -> assertThat(questions)
                                .startsWith("FOLDER/benchmarks/gsm8k_test.jsonl: ")
                                .contains("openai/gsm8k"),
                        properties -> assertThat(properties)
                                .isEqualTo("and -Ddistill.peers=DIR -Ddistill.conformance=FOLDER"));
    }

    @Test
    void aPythonWithoutItsPackagesIsToldWhich() throws Exception {
        assertThat(peers("echo torch peft").missing().getFirst())
                .isEqualTo(folder + "/venv/bin/python with torch peft: " + folder
                        + "/venv/bin/python -m pip install PACKAGE");
        assertThat(peers("exit 3").missing().getFirst()).contains("with an interpreter that works (exit code 3)");
    }

    @Test
    void whatIsThereIsNotNamed() throws Exception {
        Peers peers = peers("exit 0");
        for (Path file :
                new Path[] {peers.teacher(), peers.student().resolve("model.safetensors"), peers.questions()}) {
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        assertThat(peers.missing()).isEmpty();
    }
}
