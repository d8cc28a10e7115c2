package dev.distill.cli;

import dev.distill.pipeline.Pipeline.Stage;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code distill COMMAND}: the root of the command line. */
@Command(
        name = "distill",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "From a reasoning model's traces to a small student that you own.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the run failed; the message says what is saved and how to go on",
            "2:the command line, a recipe or an input is wrong",
            "3:a budget stopped it; the same command goes on",
            "4:a gate refused",
            "130:interrupted (Ctrl-C), state saved; 143 if by another process"
        },
        footer = {"", "Start with: distill demo", "Each command explains itself: distill COMMAND --help"})
public final class Main implements Runnable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    /** No command: say which there are. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // numbers are read by other programs too: the same digits everywhere
        System.exit(execute(commandLine(), args));
    }

    /** The whole command line, ready to execute. */
    static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Main())
                .addSubcommand(new DemoCommand())
                .addSubcommand(new RunCommand())
                .addSubcommand(new RewriteCommand());
        for (Stage stage : Stage.values()) {
            root.addSubcommand(
                    switch (stage) {
                        case HARVEST -> new CommandLine(new HarvestCommand());
                        case VERIFY -> new CommandLine(new VerifyCommand());
                        case CURATE -> new CommandLine(new CurateCommand());
                        case TRAIN, EVAL, EXPORT -> StageCommand.of(stage);
                    });
        }
        root.addSubcommand(new PlanCommand())
                .addSubcommand(new GenerateCommand())
                .addSubcommand(new ChatCommand(System.in))
                .addSubcommand(new ServeCommand())
                .addSubcommand(new ScoreCommand())
                .addSubcommand(new BenchCommand())
                .addSubcommand(new InspectCommand())
                .addSubcommand(new ReportCommand())
                .addSubcommand(new TracesCommand())
                .addSubcommand(new DashboardCommand())
                .addSubcommand(new DoctorCommand())
                .addSubcommand(new CompletionCommand());
        haveVersion(root);
        CheckedExecution.collectMistakes(root);
        Failures failures = new Failures();
        return root.setExecutionStrategy(new CheckedExecution(failures))
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false);
    }

    private static void haveVersion(CommandLine parent) {
        for (CommandLine command : parent.getSubcommands().values()) {
            command.getCommandSpec().versionProvider(new Version());
            haveVersion(command);
        }
    }

    /** Errors too, such as too little memory, become a message and an exit code. */
    static int execute(CommandLine commandLine, String... args) {
        try {
            return commandLine.execute(args);
        } catch (OutOfMemoryError | LinkageError e) {
            return Failures.report(e, commandLine, e instanceof LinkageError);
        }
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"distill " + (version == null ? "(from classes)" : version)};
        }
    }
}
