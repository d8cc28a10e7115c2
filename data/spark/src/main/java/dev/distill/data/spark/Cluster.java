package dev.distill.data.spark;

import dev.distill.data.curate.CurationEngine;
import dev.distill.data.shard.ShardException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import scala.util.Failure;
import scala.util.Try;

/**
 * Spark, and how work is done there: a task for each partition, whose answers are taken in the calling thread, each once, however
 * often Spark had to try. Stopping is asked for while it waits, and ends the work there too.
 */
final class Cluster implements Closeable {
    private static final long WAIT_MS = 100;

    /** Rows of a part of a shuffle; fewer where there would be idle cores. */
    private static final int ROWS_EACH = 50_000;

    private static final int MOST_PARTS = 2_000;

    private final JavaSparkContext context;
    private final CurationEngine.Watch watch;

    Cluster(JavaSparkContext context, CurationEngine.Watch watch) {
        this.context = context;
        this.watch = watch;
        context.setLocalProperty("spark.job.interruptOnCancel", "true");
    }

    /** What is done with the things of a partition, on a worker. */
    @FunctionalInterface
    interface Task<T, R> extends Serializable {
        R run(Iterator<T> things) throws IOException;
    }

    /** What takes the answers, in the calling thread, in whatever order they come. */
    @FunctionalInterface
    interface Sink<R> {
        void take(int partition, R answer) throws IOException;
    }

    /** An answer, or what is wrong with the data of a file: that would be wrong again however often Spark tried. */
    private record Answer<R>(
            @Nullable R result,
            @Nullable String file,
            @Nullable String wrong) implements Serializable {}

    private record Arrived<R>(int partition, Answer<R> answer) {}

    JavaSparkContext context() {
        return context;
    }

    /** The same on each worker, sent there once. */
    <T> Broadcast<T> send(T value) {
        return context.broadcast(value);
    }

    /** Parts into which a shuffle of so many rows is cut. */
    int parts(int rows) {
        return parts(rows, context.defaultParallelism());
    }

    static int parts(int rows, int cores) {
        return Math.clamp(rows / ROWS_EACH, Math.min(cores, MOST_PARTS), MOST_PARTS);
    }

    /** Does this with each partition. */
    <T, R> void run(JavaRDD<T> things, Task<T, R> task, Sink<R> sink) throws IOException {
        BlockingQueue<Arrived<R>> arrived = new LinkedBlockingQueue<>();
        List<Object> partitions = IntStream.range(0, things.getNumPartitions())
                .<Object>mapToObj(i -> i)
                .toList();
        SimpleFutureAction<Object> job = context.sc()
                .submitJob(
                        things.rdd(),
                        new Remote<>(task),
                        CollectionConverters.asScala(partitions).toSeq(),
                        new Taker<>(arrived),
                        new Nothing());
        try {
            for (boolean over = false; !over; ) {
                over = job.isCompleted();
                for (Arrived<R> next = arrived.poll(over ? 0 : WAIT_MS, TimeUnit.MILLISECONDS);
                        next != null;
                        next = arrived.poll()) {
                    sink.take(next.partition, result(next.answer));
                }
                watch.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            job.cancel(); // nothing happens to one that is done
        }
        failure(job);
    }

    private static <R> R result(Answer<R> answer) {
        R result = answer.result;
        if (result == null) {
            throw ShardException.told(Path.of(String.valueOf(answer.file)), String.valueOf(answer.wrong));
        }
        return result;
    }

    private static void failure(SimpleFutureAction<Object> job) throws IOException {
        Try<Object> end = job.value().get();
        if (end instanceof Failure<Object> failed) {
            Throwable e = failed.exception();
            throw new IOException("curate: Spark gave up (" + firstLine(e) + "); the executors' logs say more", e);
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }

    @Override
    public void close() {
        context.close();
    }

    /** A task on its way to a worker. */
    private static final class Remote<T, R> extends AbstractFunction1<scala.collection.Iterator<T>, Answer<R>>
            implements Serializable {
        private final Task<T, R> task;

        Remote(Task<T, R> task) {
            this.task = task;
        }

        @Override
        public Answer<R> apply(scala.collection.Iterator<T> things) {
            try {
                return new Answer<>(task.run(CollectionConverters.asJava(things)), null, null);
            } catch (ShardException e) {
                if (e.fault() == ShardException.Fault.MACHINE) {
                    throw failed(e);
                }
                return new Answer<>(null, String.valueOf(e.file()), e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Lets Spark try again. Without the cause: where that is a lack of memory, Spark would end the process, and nobody learn why. */
        private static UncheckedIOException failed(ShardException e) {
            IOException told = new IOException(e.getMessage());
            told.setStackTrace(e.getStackTrace());
            return new UncheckedIOException(told);
        }
    }

    /** Hears of each partition once, on a thread of Spark's. */
    private static final class Taker<R> extends AbstractFunction2<Object, Answer<R>, BoxedUnit> {
        private final BlockingQueue<Arrived<R>> arrived;

        Taker(BlockingQueue<Arrived<R>> arrived) {
            this.arrived = arrived;
        }

        @Override
        public BoxedUnit apply(Object partition, Answer<R> answer) {
            arrived.add(new Arrived<>((Integer) partition, answer));
            return BoxedUnit.UNIT;
        }
    }

    private static final class Nothing extends AbstractFunction0<Object> {
        @Override
        public Object apply() {
            return BoxedUnit.UNIT;
        }
    }
}
