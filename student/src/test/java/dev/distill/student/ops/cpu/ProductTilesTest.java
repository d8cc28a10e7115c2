package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a product's result is cut for threads. */
final class ProductTilesTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1, true, 1",
        "1, 151936, true, 2",
        "1024, 4864, true, 2",
        "1024, 896, false, 2",
        "601, 77, false, 3",
        "300, 5000, true, 7",
        "33, 40, false, 64",
        "2048, 16, true, 64",
        "17, 151936, true, 4"
    })
    void tilesCoverEveryNumberOnce(int rows, int cols, boolean cutCols, int threads) {
        int most = 5 << 17;
        ProductTiles tiles = ProductTiles.of(rows, cols, cutCols, most, threads);
        boolean[] covered = new boolean[rows * cols];
        for (int tile = 0; tile < tiles.count(); tile++) {
            assertThat(tiles.rows(tile)).isPositive();
            assertThat(tiles.cols(tile)).isPositive();
            if (cutCols) {
                assertThat(tiles.rows(tile) * tiles.cols(tile)).isLessThanOrEqualTo(most + 16 * tiles.height());
            } else {
                assertThat(tiles.cols(tile)).isEqualTo(cols);
            }
            for (int row = tiles.row(tile); row < tiles.row(tile) + tiles.rows(tile); row++) {
                for (int col = tiles.col(tile); col < tiles.col(tile) + tiles.cols(tile); col++) {
                    assertThat(covered[row * cols + col]).isFalse();
                    covered[row * cols + col] = true;
                }
            }
        }
        assertThat(covered).doesNotContain(false);
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 896, false, 2",
        "600, 896, false, 2",
        "1, 4864, true, 2",
        "1024, 4864, true, 16",
        "1024, 896, false, 16"
    })
    void everyThreadHasAsMuchToDo(int rows, int cols, boolean cutCols, int threads) {
        ProductTiles tiles = ProductTiles.of(rows, cols, cutCols, 5 << 17, threads);
        assertThat(tiles.count() % threads == 0 || tiles.count() >= 4 * threads)
                .as("%s", tiles)
                .isTrue();
    }
}
