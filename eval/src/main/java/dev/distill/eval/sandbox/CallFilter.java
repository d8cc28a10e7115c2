package dev.distill.eval.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which calls the kernel refuses to a program, as a filter for seccomp(2): those that make namespaces, look into other processes, hold memory that
 * belongs to no process, or speak to the machine beyond the network namespace (AF_VSOCK). Numbers are those of the kernel's tables.
 */
final class CallFilter {
    private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private static final int IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private static final int IF_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    private static final int IF_BITS = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    private static final int RETURN = 0x06; // BPF_RET | BPF_K

    private static final int ALLOW = 0x7fff0000;
    private static final int KILL = 0x80000000;
    private static final int REFUSE = 0x00050000 | 1; // with EPERM
    private static final int UNKNOWN = 0x00050000 | 38; // with ENOSYS: the C library takes the older call

    private static final int OFFSET_NUMBER = 0;
    private static final int OFFSET_MACHINE = 4;
    private static final int OFFSET_FIRST_ARGUMENT = 16; // its lower half

    /** Of x86-64, calls of its other tongue (x32) begin here. */
    private static final int OTHER_TONGUE = 0x40000000;

    /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
    private static final int NEW_NAMESPACES = 0x7e020000;

    /** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. */
    private static final int[] FAMILIES = {1, 2, 10, 16};

    /**
     * A kind of processor.
     *
     * @param machine as {@code AUDIT_ARCH_} names it
     * @param refused numbers of calls that are refused whatever they ask for
     */
    private record Processor(int machine, int cloneCall, int clone3Call, int socketCall, List<Integer> refused) {}

    // ptrace, process_vm_readv and writev, memfd_create and secret, shmget, msgget, semget, mq_open, add_key,
    // request_key, keyctl, mount, umount2,
    // pivot_root, chroot, unshare, setns, bpf, perf_event_open, userfaultfd, io_uring_setup, enter and register,
    // name_to_ and open_by_handle_at,
    // open_tree, move_mount, fsopen, pidfd_getfd, kcmp
    private static final Map<String, Processor> PROCESSORS = Map.of(
            "amd64",
            new Processor(
                    0xc000003e,
                    56,
                    435,
                    41,
                    List.of(
                            101, 310, 311, 319, 447, 29, 68, 64, 240, 248, 249, 250, 165, 166, 155, 161, 272, 308, 321,
                            298, 323, 425, 426, 427, 303, 304, 428, 429, 430, 438, 312)),
            "aarch64",
            new Processor(
                    0xc00000b7,
                    220,
                    435,
                    198,
                    List.of(
                            117, 270, 271, 279, 447, 194, 186, 190, 180, 217, 218, 219, 40, 39, 41, 51, 97, 268, 280,
                            241, 282, 425, 426, 427, 264, 265, 428, 429, 430, 438, 272)));

    private record Step(int code, int value, Optional<String> then, Optional<String> otherwise) {}

    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();

    private CallFilter() {}

    /** The filter for this kind of processor, in the form that bubblewrap reads; empty if its numbers are not known here. */
    static Optional<byte[]> of(String architecture) {
        return Optional.ofNullable(PROCESSORS.get(architecture)).map(processor -> new CallFilter().code(processor));
    }

    private byte[] code(Processor processor) {
        load(OFFSET_MACHINE);
        test(IF_EQUAL, processor.machine, "", "kill");
        load(OFFSET_NUMBER);
        test(IF_AT_LEAST, OTHER_TONGUE, "refuse", "");
        processor.refused.forEach(call -> test(IF_EQUAL, call, "refuse", ""));
        test(IF_EQUAL, processor.clone3Call, "unknown", "");
        test(IF_EQUAL, processor.cloneCall, "clone", "");
        test(IF_EQUAL, processor.socketCall, "socket", "allow");
        place("clone");
        load(OFFSET_FIRST_ARGUMENT);
        test(IF_BITS, NEW_NAMESPACES, "refuse", "allow");
        place("socket");
        load(OFFSET_FIRST_ARGUMENT);
        for (int family : FAMILIES) {
            test(IF_EQUAL, family, "allow", "");
        }
        place("refuse");
        end(REFUSE);
        place("unknown");
        end(UNKNOWN);
        place("kill");
        end(KILL);
        place("allow");
        end(ALLOW);
        return assembled();
    }

    private void load(int offset) {
        steps.add(new Step(LOAD, offset, Optional.empty(), Optional.empty()));
    }

    /** Goes on at these places; an empty one is the next step. */
    private void test(int code, int value, String then, String otherwise) {
        steps.add(new Step(
                code,
                value,
                Optional.of(then).filter(s -> !s.isEmpty()),
                Optional.of(otherwise).filter(s -> !s.isEmpty())));
    }

    private void end(int value) {
        steps.add(new Step(RETURN, value, Optional.empty(), Optional.empty()));
    }

    private void place(String name) {
        places.put(name, steps.size());
    }

    /** {@code struct sock_filter}: code, two jumps counted from the next step, value. */
    private byte[] assembled() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < steps.size(); at++) {
            Step step = steps.get(at);
            ByteBuffer one = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
            one.putShort((short) step.code)
                    .put(jump(at, step.then))
                    .put(jump(at, step.otherwise))
                    .putInt(step.value);
            out.writeBytes(one.array());
        }
        return out.toByteArray();
    }

    private byte jump(int from, Optional<String> place) {
        return (byte)
                (int) place.map(name -> places.getOrDefault(name, 0) - from - 1).orElse(0);
    }
}
