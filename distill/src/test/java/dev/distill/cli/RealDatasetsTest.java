package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Python's datasets, transformers and trl make of exported traces. {@code -Ddistill.peers=DIR} with {@code venv}, which has these packages, and {@code
 * models/smollm2-135m}, whose chat template is used.
 */
@Tag("slow")
class RealDatasetsTest {
    private static final String SCRIPT = """
            import os, sys
            os.environ['HF_HUB_OFFLINE'] = '1'
            import datasets, transformers
            from trl.data_utils import is_conversational, maybe_apply_chat_template
            root, model = sys.argv[1:3]
            tokenizer = transformers.AutoTokenizer.from_pretrained(model)
            reply = '<think>\\nTwo and two.\\n</think>\\n\\nSo 4.'
            for name in ['messages', 'sharegpt', 'alpaca', 'prompt-completion', 'hf', 'openr1-math']:
                rows = datasets.load_dataset(os.path.join(root, name), split='train', cache_dir=os.path.join(root, 'cache'))
                first = rows[0]
                said = {
                    'messages': lambda: first['messages'][-1]['content'],
                    'hf': lambda: first['messages'][-1]['content'],
                    'sharegpt': lambda: first['conversations'][-1]['value'],
                    'alpaca': lambda: first['output'],
                    'prompt-completion': lambda: first['completion'],
                    'openr1-math': lambda: first['generations'][0],
                }[name]()
                assert said == reply, (name, said)
                assert len(rows) == 2, (name, len(rows))
                if name in ('messages', 'hf'):
                    assert is_conversational(first)
                    text = tokenizer.apply_chat_template(first['messages'], tokenize=False)
                    assert reply in text and '2 + 2?' in text, text
                    assert maybe_apply_chat_template({'messages': first['messages']}, tokenizer)['text'] == text
                print(name, len(rows), sorted(first))
            """;

    @TempDir
    Path folder;

    private Path peers;

    @BeforeEach
    void find() {
        peers = Path.of(System.getProperty("distill.peers", "."));
        for (String part : List.of("venv/bin/python", "models/smollm2-135m/tokenizer.json")) {
            assumeTrue(
                    Files.exists(peers.resolve(part)),
                    "skipped: missing " + peers.resolve(part) + ", named by -Ddistill.peers");
        }
    }

    @Test
    void othersLoadThem() throws IOException, InterruptedException {
        Path data = Files.writeString(folder.resolve("data.jsonl"), """
                {"prompt": "2 + 2?", "completion": "<think>Two and two.</think>So 4.", "teacher": "T", "reference": "4"}
                {"prompt": "3 + 3?", "completion": "6.", "teacher": "T"}
                """);
        Path traces = folder.resolve("traces");
        assertThat(Said.by("traces", "import", data, "--to", traces).code()).isZero();
        Path sets = Files.createDirectories(folder.resolve("sets"));
        for (String format : List.of("messages", "sharegpt", "alpaca", "prompt-completion", "hf", "openr1-math")) {
            Said said = Said.by("traces", "export", traces, "--to", sets.resolve(format), "--as", format);
            assertThat(said.code()).as(said.err()).isZero();
        }
        Path script = Files.writeString(folder.resolve("load.py"), SCRIPT);
        List<String> command = new ArrayList<>(List.of(
                peers.resolve("venv/bin/python").toString(),
                script.toString(),
                sets.toString(),
                peers.resolve("models/smollm2-135m").toString()));
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(said).isZero();
        assertThat(said).contains("openr1-math 2 ");
    }
}
