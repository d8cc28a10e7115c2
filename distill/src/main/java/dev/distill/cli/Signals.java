package dev.distill.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Takes the place of the JVM's own answer to a signal. {@code sun.misc.Signal}, of the module jdk.unsupported, is the only
 * way to hear of one; it is reached by reflection, for the compiler warns about its very name. Where it is not there,
 * signals do what they always do.
 */
final class Signals {
    private Signals() {}

    /**
     * Calls {@code handler} with the signal's number, on a thread of the JVM's, at every signal of this name.
     *
     * @param name such as {@code INT}
     * @return puts back what was there before
     */
    static Runnable handle(String name, IntConsumer handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Method number = signal.getMethod("getNumber");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (self, method, given) -> {
                        handler.accept((Integer) number.invoke(given[0]));
                        return null;
                    });
            Method handle = signal.getMethod("handle", signal, handlerType);
            Object named = signal.getConstructor(String.class).newInstance(name);
            Object before = handle.invoke(null, named, proxy);
            return () -> restore(handle, named, before);
        } catch (ReflectiveOperationException | LinkageError e) {
            return () -> {};
        }
    }

    private static void restore(Method handle, Object signal, Object before) {
        try {
            handle.invoke(null, signal, before);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a handler that was there can be put back", e);
        }
    }
}
