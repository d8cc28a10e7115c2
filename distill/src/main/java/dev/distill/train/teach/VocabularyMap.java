package dev.distill.train.teach;

import dev.distill.data.tokenize.Tokenizer;
import java.util.Arrays;

/**
 * For each token of a teacher, the student's token that a student who says the same says first: both may have the token, or the student puts it
 * together from several. So the probabilities that a teacher gives to words are those of the student's next token, whatever the two call a word.
 */
final class VocabularyMap {
    /** Of a token that is no text, or part of a character. */
    static final int NONE = -1;

    private static final String BROKEN = "\uFFFD";

    private final int[] toStudent;

    private VocabularyMap(int[] toStudent) {
        this.toStudent = toStudent;
    }

    /** Asks both tokenizers about every token: a second or two for 150,000. */
    static VocabularyMap of(Tokenizer teacher, Tokenizer student) {
        int[] map = new int[teacher.vocabularySize()];
        Arrays.fill(map, NONE);
        for (int id = 0; id < map.length; id++) {
            String text = teacher.decode(new int[] {id}, true); // special tokens have none
            if (!text.isEmpty() && !text.contains(BROKEN)) {
                int[] ids = student.encode(text);
                map[id] = ids.length == 0 ? NONE : ids[0];
            }
        }
        return new VocabularyMap(map);
    }

    /** Whether both call the same tokens by the same ids, as far as both go. */
    static boolean isSame(Tokenizer a, Tokenizer b) {
        if (a.sha256().equals(b.sha256())) {
            return true;
        }
        int common = Math.min(a.vocabularySize(), b.vocabularySize());
        for (int id = 0; id < common; id++) {
            int[] one = {id};
            if (!a.decode(one, false).equals(b.decode(one, false))) {
                return false;
            }
        }
        return true;
    }

    /** Two texts that end a turn are one. */
    VocabularyMap with(int teacherId, int studentId) {
        int[] map = toStudent.clone();
        map[teacherId] = studentId;
        return new VocabularyMap(map);
    }

    int student(int teacherId) {
        return teacherId < toStudent.length ? toStudent[teacherId] : NONE;
    }
}
