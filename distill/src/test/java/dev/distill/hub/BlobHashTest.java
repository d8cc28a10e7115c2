package dev.distill.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes against published values, and names against those that lead out of a folder. */
class BlobHashTest {
    /** SHA-256 of "abc": FIPS 180-4's example. Git's: {@code printf abc | git hash-object --stdin}, and its empty blob. */
    @ParameterizedTest
    @CsvSource({
        "abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "abc, f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f",
        "'', e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    })
    void theHashIsThatOfTheHub(String content, String etag) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        BlobHash hash = new BlobHash(etag, bytes.length);
        assertThat(hash.matches()).isEqualTo(bytes.length == 0);
        for (int i = 0; i < bytes.length; i++) {
            hash.update(bytes, i, 1);
        }
        assertThat(hash.value()).isEqualTo(etag);
        assertThat(hash.matches()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b.json", ".gitattributes", "a..b", "..a", "a/.b", "a b", "1_Pooling/config.json"})
    void plainNamesStayInside(String name) {
        assertThat(RemoteFile.leadsOut(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "/a",
                "../a",
                "a/..",
                "a/../b",
                "a/./b",
                "a//b",
                "a/",
                "a\\b",
                "\\\\host\\a",
                "C:\\a",
                "C:a",
                "a\0b",
                "a\nb"
            })
    void otherNamesLeadOut(String name) {
        assertThat(RemoteFile.leadsOut(name)).isTrue();
        assertThatThrownBy(() -> new RemoteFile(name, 1, "a".repeat(40))).hasMessageContaining("need a plain name");
    }

    @Test
    void aFileWithoutAHashIsNone() {
        assertThat(RemoteFile.of("a", 1, "")).isEmpty();
        assertThat(RemoteFile.of("a", 1, "../../a")).isEmpty();
        assertThat(RemoteFile.of("a", -1, "a".repeat(64))).isEmpty();
        assertThat(RemoteFile.of("a", 0, "a".repeat(64))).isPresent();
    }
}
