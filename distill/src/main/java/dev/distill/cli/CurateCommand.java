package dev.distill.cli;

import dev.distill.data.curate.CurationEngine;
import dev.distill.pipeline.CurationPlace;
import dev.distill.pipeline.Pipeline;
import dev.distill.pipeline.Pipeline.Stage;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill curate}. */
@Command(
        name = "curate",
        mixinStandardHelpOptions = true,
        description = "Keeps the traces that a student may learn from, and says why of each that goes.",
        footer = {"", "Example:", "  distill curate recipe.yaml --explain"})
final class CurateCommand implements Callable<Integer>, Checked {
    private static final String SPARK = "spark";

    @Mixin
    RecipeOptions options = new RecipeOptions();

    @Mixin
    ConsoleOptions consoleOptions = new ConsoleOptions();

    @Option(
            names = "--explain",
            description = "Shows what each check drops alone, what in its turn, and what no other would drop.")
    boolean explain;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description =
                    "Where the work is done: local (the default), in this program; spark, on Apache Spark, with the"
                            + " same outcome (docs/spark.md).")
    String engine = CurationEngine.LOCAL;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Of --engine spark: its master, for example spark://host:7077; local[*], all cores of this"
                    + " machine, by default.")
    @Nullable
    String master;

    @Override
    public void check(Problems problems) {
        if (!engine.equals(CurationEngine.LOCAL) && !engine.equals(SPARK)) {
            problems.add("--engine must be local or spark; got " + engine);
        } else if (master != null && !engine.equals(SPARK)) {
            problems.add("--master is of --engine spark; add it, or leave --master out");
        }
    }

    @Override
    public Integer call() throws Exception {
        Console console = consoleOptions.console();
        if (options.printResolved || (!explain && engine.equals(CurationEngine.LOCAL))) {
            return RunCommand.run(options, Stage.CURATE, Stage.CURATE, console);
        }
        return RunCommand.run(options, console, false, (pipeline, _) -> {
            Pipeline.Outcome outcome = pipeline.curate(explain, place());
            if (explain) {
                outcome.curation().map(CurationJson::table).ifPresent(console::print);
            }
            return outcome;
        });
    }

    private CurationPlace place() {
        return engine.equals(SPARK)
                ? new CurationPlace(SPARK, master == null ? "local[*]" : master)
                : CurationPlace.HERE;
    }
}
