package dev.distill.student.ops.cpu;

/**
 * The sums that the innermost loop of our own products holds at once. It follows from the width of the vectors that the JVM uses, and decides how sums
 * are ordered, and so rounded.
 *
 * @param rows of the left-hand side
 * @param columns of the right-hand side
 */
public record TileSize(int rows, int columns) {
    /** That of this JVM. */
    public static TileSize here() {
        return new TileSize(Tile.ROWS, Tile.COLS);
    }

    /** {@code 6x32}. */
    @Override
    public String toString() {
        return rows + "x" + columns;
    }
}
