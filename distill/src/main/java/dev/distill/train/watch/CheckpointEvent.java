package dev.distill.train.watch;

import java.nio.file.Path;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A checkpoint that is complete on disk, in a Flight Recorder's recording. */
@Name("dev.distill.Checkpoint")
@Label("Checkpoint")
@Category("Distill")
@StackTrace(false)
final class CheckpointEvent extends Event {
    @Label("Step")
    int step;

    @Label("Folder")
    String folder = "";

    static void emit(int step, Path folder) {
        CheckpointEvent event = new CheckpointEvent();
        if (event.shouldCommit()) {
            event.step = step;
            event.folder = folder.toString();
            event.commit();
        }
    }
}
