package dev.distill.data.tokenize;

import java.util.List;
import java.util.Map;

/**
 * A byte-level BPE, ready to encode and decode. Immutable, shared by all threads.
 *
 * @param exact added tokens that are looked for in the text as it is
 * @param composesUnicode whether what is left is put into normal form C
 * @param normalized added tokens that are looked for after that
 * @param scanners steps that cut what is left into words, each the words of the one before
 * @param takesWholeWords whether a word that is a token is that token, whatever merges say
 * @param vocabulary of the merges, in {@link ByteAlphabet}'s letters
 * @param byteIds the tokens of single bytes; -1 where a byte has none, and is left out
 * @param ids all tokens, added ones too, as they are written in the file
 * @param size one more than the highest id
 */
record BpeModel(
        AddedTrie exact,
        boolean composesUnicode,
        AddedTrie normalized,
        List<WordScanner> scanners,
        boolean takesWholeWords,
        Map<String, Integer> vocabulary,
        int[] byteIds,
        BpeMerges merges,
        TokenBytes bytes,
        Map<String, Integer> ids,
        int size) {}
