package dev.distill.demo;

import dev.distill.pipeline.EvalStage;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.train.TrainListener;
import java.util.function.LongConsumer;

/** Hears how far the demo is: whoever shows progress to a person. One part at a time. */
public interface DemoListener {
    /** A new part of the work begins. */
    void part(String title);

    HarvestListener harvest();

    LongConsumer curation();

    /** @param steps of the training that begins */
    TrainListener training(int steps);

    EvalStage.Progress evaluation();
}
