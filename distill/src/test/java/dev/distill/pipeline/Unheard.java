package dev.distill.pipeline;

import dev.distill.hub.HubListener;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.train.TrainListener;
import java.util.function.LongConsumer;

/** Hears nothing. */
public final class Unheard implements Pipeline.Listener {
    @Override
    public void stage(Pipeline.Stage stage) {}

    @Override
    public HarvestListener harvest() {
        return HarvestListener.NONE;
    }

    @Override
    public LongConsumer verification() {
        return count -> {};
    }

    @Override
    public HarvestListener judging() {
        return HarvestListener.NONE;
    }

    @Override
    public LongConsumer curation() {
        return count -> {};
    }

    @Override
    public TrainListener training() {
        return report -> {};
    }

    @Override
    public EvalStage.Progress evaluation() {
        return new EvalStage.Progress() {
            @Override
            public void begin(String task, int earlier, int all) {}

            @Override
            public void responses(String task, int done, int all) {}
        };
    }

    @Override
    public HarvestListener answering() {
        return HarvestListener.NONE;
    }

    @Override
    public HubListener fetching() {
        return HubListener.NONE;
    }
}
