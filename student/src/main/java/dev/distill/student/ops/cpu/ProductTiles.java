package dev.distill.student.ops.cpu;

/**
 * A product's result cut into tiles, each computed by one thread. oneDNN multiplies as fast so as with all threads on one product, or faster, and
 * no thread waits for another.
 *
 * @param rows of the result
 * @param cols of the result
 * @param height rows of a tile; the last ones may have fewer
 * @param width columns of a tile; the last ones may have fewer
 */
record ProductTiles(int rows, int cols, int height, int width) {
    /** Rows of a tile: enough to use what of the other factor is in the cache many times. */
    private static final int MOST_ROWS = 256;

    private static final int MOST_ROWS_OF_WIDE = 2048;

    /** So many rows, and so many columns, a tile keeps where there are more threads than tiles. */
    private static final int LEAST_ROWS = 32;

    private static final int LEAST_COLS = 256;

    /** Tiles of a thread among which one more or less does not matter. */
    private static final int MANY = 8;

    /** Sizes are rounded up to a multiple of it. */
    private static final int ROUND = 16;

    /**
     * @param cutCols whether columns may be cut, too: not where a row of the right-hand factor has them side by side, as ND4J has no fast way for
     *     some columns of a wider factor
     * @param most numbers of a tile, where columns may be cut
     */
    static ProductTiles of(int rows, int cols, boolean cutCols, int most, int threads) {
        return of(rows, cols, cutCols, most, threads, MOST_ROWS);
    }

    /** For what multiplies so fast that to bring the right-hand factor into its order counts: few tiles that share columns. */
    static ProductTiles wide(int rows, int cols, int most, int threads) {
        return of(rows, cols, true, most, threads, MOST_ROWS_OF_WIDE);
    }

    private static ProductTiles of(int rows, int cols, boolean cutCols, int most, int threads, int mostRows) {
        int down = Math.ceilDiv(rows, mostRows);
        int across = cutCols ? Math.ceilDiv(cols, Math.max(LEAST_COLS, most / part(rows, down))) : 1;
        ProductTiles tiles = cut(rows, cols, down, across);
        while (!tiles.even(threads)) {
            if (cutCols && cols / (across + 1) >= LEAST_COLS) {
                across++;
            } else if (rows / (down + 1) >= LEAST_ROWS) {
                down++;
            } else {
                break;
            }
            tiles = cut(rows, cols, down, across);
        }
        return tiles;
    }

    private static ProductTiles cut(int rows, int cols, int down, int across) {
        return new ProductTiles(rows, cols, part(rows, down), across == 1 ? cols : part(cols, across));
    }

    /** Whether no thread has much more to do than another. */
    private boolean even(int threads) {
        return count() % threads == 0 || count() >= MANY * threads;
    }

    private static int part(int all, int parts) {
        return Math.ceilDiv(Math.ceilDiv(all, parts), ROUND) * ROUND;
    }

    int count() {
        return Math.ceilDiv(rows, height) * across();
    }

    private int across() {
        return Math.ceilDiv(cols, width);
    }

    /** First row of a tile. */
    int row(int tile) {
        return tile / across() * height;
    }

    /** First column of a tile. */
    int col(int tile) {
        return tile % across() * width;
    }

    /** Rows of a tile. */
    int rows(int tile) {
        return Math.min(height, rows - row(tile));
    }

    /** Columns of a tile. */
    int cols(int tile) {
        return Math.min(width, cols - col(tile));
    }
}
