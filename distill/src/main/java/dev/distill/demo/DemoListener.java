package dev.distill.demo;

import dev.distill.pipeline.Pipeline;

/** Hears how far the demo is: a run's listener that also hears of the parts that only the demo has. */
public interface DemoListener extends Pipeline.Listener {
    /** A new part of the work begins. */
    void part(String title);
}
