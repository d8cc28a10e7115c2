package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.plan.Plan;
import dev.distill.plan.TrainingJob;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.EightBitAdamWSettings;
import dev.distill.student.optim.MuonSettings;
import dev.distill.train.Computing;
import java.util.Locale;
import java.util.SequencedMap;

/** A plan as the figures of its command. */
final class PlanFigures {
    private static final double MIB = 1L << 20;

    private PlanFigures() {}

    static ObjectNode of(String recipe, Plan plan) {
        ObjectNode figures = new ObjectMapper().createObjectNode();
        TrainingJob job = plan.job();
        figures.put("recipe", recipe)
                .put("model", plan.model())
                .put("parameters", job.model().parameterCount())
                .put("trained_parameters", job.trainedWeights())
                .put("mode", job.isFull() ? "full" : job.isFourBits() ? "qlora" : "lora")
                .put("optimizer", optimizer(job))
                .put("compute", Computing.name(job.computing().type()))
                .put("activations", job.activations().name().toLowerCase(Locale.ROOT));
        figures.put("samples", plan.workload().samples())
                .put("counted", plan.workload().source())
                .put("tokens", plan.tokens())
                .put("steps", plan.course().steps())
                .put("tokens_of_a_step", Math.round(plan.load().tokens()));
        parts(figures.putObject("memory_mib"), plan.memory().parts())
                .put("total", mib(plan.memory().total()));
        figures.put("memory_needed_mib", mib(plan.needed()))
                .put("memory_room_mib", mib(plan.room().memory()));
        parts(figures.putObject("disk_parts_mib"), plan.disk().parts());
        figures.put("disk_mib", mib(plan.disk().total()))
                .put("disk_room_mib", mib(plan.room().disk()));
        figures.put("step_s", plan.speed().stepSeconds(plan.load()))
                .put("tokens_per_s", plan.load().tokens() / plan.speed().stepSeconds(plan.load()))
                .put("time_s", plan.seconds())
                .put("time", duration(plan.seconds()) + " of training; harvest, evaluation and export not counted")
                .put("speed", plan.speed().source());
        plan.money()
                .ifPresentOrElse(
                        money -> figures.putObject("money")
                                .put(
                                        "amount",
                                        money.amount().stripTrailingZeros().toPlainString())
                                .put("currency", money.currency()),
                        () -> figures.putNull("money"));
        figures.put("fits", plan.fits());
        plan.notes().forEach(figures.putArray("notes")::add);
        return figures;
    }

    /** In the recipe's word. */
    private static String optimizer(TrainingJob job) {
        return switch (job.optimizer()) {
            case AdamWSettings _ -> "adamw";
            case EightBitAdamWSettings _ -> "adamw-8bit";
            case MuonSettings _ -> "muon";
        };
    }

    private static ObjectNode parts(ObjectNode to, SequencedMap<String, Long> bytes) {
        bytes.forEach((name, size) -> to.put(name, mib(size)));
        return to;
    }

    private static long mib(long bytes) {
        return Math.round(bytes / MIB);
    }

    /** The two largest units. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 120) {
            return whole + " s";
        }
        long minutes = whole / 60;
        if (minutes < 120) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        return hours < 48 ? hours + " h " + minutes % 60 + " min" : "%,d days %d h".formatted(hours / 24, hours % 24);
    }
}
