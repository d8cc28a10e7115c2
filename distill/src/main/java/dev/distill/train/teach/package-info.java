/**
 * A teacher whose probabilities are learnt beside the text: it reads each sample once ({@code TeacherPass}, {@code ApiPass}), in the student's own tokens or, of another
 * vocabulary, aligned on characters; what it said lies in {@code dev.distill.data.shard}'s sidecar and comes back as a {@code RowTeacher}, row by row.
 * A teacher behind an API is {@code ApiVoice}; asking it belongs to {@code dev.distill.teacher.score}. On-policy the student's own texts are read as they are written.
 *
 * <p>How far a student is from a teacher, and the gradient of that, is {@code dev.distill.student.ops}' ({@code Divergence}); which model teaches is
 * {@code dev.distill.pipeline}'s. Start with {@link dev.distill.train.teach.TeacherVoice}.
 */
@NullMarked
package dev.distill.train.teach;

import org.jspecify.annotations.NullMarked;
