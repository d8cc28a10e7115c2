package dev.distill.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run with real models needs and this repository does not hold.
 *
 * @param folder other people's programs and weights: {@code -Ddistill.peers=DIR}
 * @param conformance questions: {@code -Ddistill.conformance=FOLDER}
 */
record Peers(Path folder, Path conformance) {
    private static final List<String> MODULES =
            List.of("llama_cpp.server", "torch", "transformers", "peft", "safetensors");

    /** Those of this test run; where something is missing, the calling test is skipped and says all of it. */
    static Peers orSkip() throws IOException, InterruptedException {
        Peers peers = new Peers(property("distill.peers", "DIR"), property("distill.conformance", "FOLDER"));
        List<String> missing = peers.missing();
        String reason = "skipped, for want of\n  " + String.join("\n  ", missing);
        if (!missing.isEmpty()) {
            System.err.println(reason); // Maven's console tells only how many were skipped
        }
        assumeTrue(missing.isEmpty(), reason);
        return peers;
    }

    private static Path property(String name, String placeholder) {
        String value = System.getProperty(name, "");
        return Path.of(value.isBlank() ? placeholder : value);
    }

    Path python() {
        return folder.resolve("venv/bin/python");
    }

    /** Qwen2.5-0.5B, instruction-tuned, about four bits a weight. */
    Path teacher() {
        return folder.resolve("models/gguf/qwen2.5-0.5b-q4.gguf");
    }

    /** A Hugging Face folder. */
    Path student() {
        return folder.resolve("models/smollm2-135m");
    }

    Path questions() {
        return conformance.resolve("benchmarks/gsm8k_test.jsonl");
    }

    /** What is not there, a line each, with how to get it. */
    List<String> missing() throws IOException, InterruptedException {
        List<String> missing = new ArrayList<>();
        if (!Files.isExecutable(python())) {
            missing.add(python() + ": python3 -m venv " + folder.resolve("venv")
                    + ", then the packages llama-cpp-python[server], torch, transformers, peft and safetensors");
        } else {
            String modules = missingModules();
            if (!modules.isEmpty()) {
                missing.add(python() + " with " + modules + ": " + python() + " -m pip install PACKAGE");
            }
        }
        if (!Files.isRegularFile(teacher())) {
            missing.add(teacher() + ": Qwen2.5-0.5B-Instruct as GGUF, for example qwen2.5-0.5b-instruct-q4_k_m.gguf"
                    + " of Qwen/Qwen2.5-0.5B-Instruct-GGUF on the hub");
        }
        if (!Files.isRegularFile(student().resolve("model.safetensors"))) {
            missing.add(student() + ": the files of HuggingFaceTB/SmolLM2-135M-Instruct on the hub");
        }
        if (!Files.isRegularFile(questions())) {
            missing.add(questions() + ": the test set of openai/gsm8k as JSON lines with \"question\" and \"answer\"");
        }
        if (!missing.isEmpty()) {
            missing.add("and -Ddistill.peers=" + folder + " -Ddistill.conformance=" + conformance);
        }
        return missing;
    }

    /** Names of the modules that this Python cannot import, or why it cannot tell. */
    private String missingModules() throws IOException, InterruptedException {
        String ask = """
                import importlib, sys
                def there(name):
                    try: return importlib.import_module(name)
                    except ImportError: return None
                print(*[name for name in sys.argv[1:] if not there(name)])
                """;
        List<String> command = new ArrayList<>(List.of(python().toString(), "-c", ask));
        command.addAll(MODULES);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return code == 0 ? said.strip() : "an interpreter that works (exit code " + code + ")";
    }
}
