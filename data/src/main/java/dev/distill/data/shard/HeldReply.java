package dev.distill.data.shard;

/**
 * A teacher's reply about one sample that is paid for, but cannot become {@link TeacherDistributions} yet, because more replies must show how it is
 * to be read.
 *
 * @param traceId of the sample
 * @param sampleHash see {@link TeacherDistributions#hashOf}
 * @param reply in its owner's form; the array is kept, not copied
 */
public record HeldReply(String traceId, String sampleHash, byte[] reply) {}
