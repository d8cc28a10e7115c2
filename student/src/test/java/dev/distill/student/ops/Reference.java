package dev.distill.student.ops;

/** The formulas of {@link Ops} in double precision, one number at a time: what every backend is compared with. */
final class Reference {
    private Reference() {}

    /** C = A B with A [n, k] and B [k, m]. */
    static double[] product(double[] a, double[] b, int n, int k, int m) {
        double[] c = new double[n * m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                for (int p = 0; p < k; p++) {
                    c[i * m + j] += a[i * k + p] * b[p * m + j];
                }
            }
        }
        return c;
    }

    static double[] transpose(double[] a, int rows, int cols) {
        double[] t = new double[a.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                t[j * rows + i] = a[i * cols + j];
            }
        }
        return t;
    }

    static double[] rmsNorm(double[] x, double[] w, double eps) {
        int width = w.length;
        double[] y = new double[x.length];
        for (int row = 0; row < x.length; row += width) {
            double squares = 0;
            for (int c = 0; c < width; c++) {
                squares += x[row + c] * x[row + c];
            }
            double rstd = 1 / Math.sqrt(squares / width + eps);
            for (int c = 0; c < width; c++) {
                y[row + c] = x[row + c] * rstd * w[c];
            }
        }
        return y;
    }

    /** x [N, H, D]; position p turns pair i by the angle {@code p / base^(2 i / D)}. */
    static double[] rotary(double[] x, int heads, int width, int[] positions, double base) {
        double[] y = new double[x.length];
        int half = width / 2;
        for (int n = 0; n < positions.length; n++) {
            for (int h = 0; h < heads; h++) {
                for (int i = 0; i < half; i++) {
                    double angle = positions[n] / Math.pow(base, 2.0 * i / width);
                    int at = (n * heads + h) * width + i;
                    y[at] = x[at] * Math.cos(angle) - x[at + half] * Math.sin(angle);
                    y[at + half] = x[at + half] * Math.cos(angle) + x[at] * Math.sin(angle);
                }
            }
        }
        return y;
    }

    /** Shapes of an attention: query heads, key/value heads, head width. */
    record Heads(int query, int kv, int width) {}

    /** Output [N, H, D], and behind it lse [N, H]. */
    static double[] attention(double[] q, double[] k, double[] v, Sequences sequences, Heads heads, double scale) {
        int rows = sequences.rows();
        double[] out = new double[rows * heads.query * (heads.width + 1)];
        for (int s = 0; s < sequences.count(); s++) {
            for (int n = sequences.start(s); n < sequences.end(s); n++) {
                for (int h = 0; h < heads.query; h++) {
                    int kvHead = h / (heads.query / heads.kv);
                    int first = sequences.start(s);
                    double[] p = new double[n - first + 1];
                    for (int m = first; m <= n; m++) {
                        for (int d = 0; d < heads.width; d++) {
                            p[m - first] += scale
                                    * q[(n * heads.query + h) * heads.width + d]
                                    * k[(m * heads.kv + kvHead) * heads.width + d];
                        }
                    }
                    double lse = logSumExp(p, 0, p.length);
                    for (int m = first; m <= n; m++) {
                        for (int d = 0; d < heads.width; d++) {
                            out[(n * heads.query + h) * heads.width + d] +=
                                    Math.exp(p[m - first] - lse) * v[(m * heads.kv + kvHead) * heads.width + d];
                        }
                    }
                    out[rows * heads.query * heads.width + n * heads.query + h] = lse;
                }
            }
        }
        return out;
    }

    static double[] swiGlu(double[] gate, double[] up) {
        double[] y = new double[gate.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
        }
        return y;
    }

    static double[] logSoftmax(double[] x, int cols, double alpha) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = alpha * x[i];
        }
        for (int row = 0; row < x.length; row += cols) {
            double lse = logSumExp(y, row, cols);
            for (int c = 0; c < cols; c++) {
                y[row + c] -= lse;
            }
        }
        return y;
    }

    /** Each row's loss; x [N, C], w [V, C]. */
    static double[] crossEntropy(double[] x, double[] w, int[] targets, int width) {
        int vocabulary = w.length / width;
        double[] logits = product(x, transpose(w, vocabulary, width), targets.length, width, vocabulary);
        double[] logP = logSoftmax(logits, vocabulary, 1);
        double[] losses = new double[targets.length];
        for (int n = 0; n < targets.length; n++) {
            losses[n] = targets[n] < 0 ? 0 : -logP[n * vocabulary + targets[n]];
        }
        return losses;
    }

    private static double logSumExp(double[] x, int from, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            max = Math.max(max, x[i]);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(x[i] - max);
        }
        return max + Math.log(sum);
    }
}
