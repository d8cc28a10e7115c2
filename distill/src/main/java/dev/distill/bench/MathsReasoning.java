package dev.distill.bench;

import java.util.SplittableRandom;

/**
 * Reasoning as models write it about competition mathematics: doubt and checks between formulas in LaTeX and in plain text, signs
 * beyond ASCII among them. The steps are stock, their numbers and letters drawn, so none of it is anybody's question.
 */
final class MathsReasoning {
    /** Steps: {@code #} is a small number, {@code ##} a larger one, {@code @} a letter. */
    private static final String[] STEPS = {
        "Okay, so I need to find the value of $@$ such that $#@^2 - ##@ + ## = 0$. Let me start by recalling the quadratic formula.",
        "The quadratic formula gives $@ = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}$, and here $a = #$, $b = -##$ and $c = ##$.",
        "So the discriminant is \\( b^2 - 4ac = ##^2 - 4 \\cdot # \\cdot ## = ### \\), which is positive.",
        "Wait, let me double-check that. ## * ## = ###, and 4 * # * ## = ###, so the difference is ###. Yes, that's right.",
        "\\[\n@ = \\frac{## \\pm \\sqrt{###}}{2 \\cdot #} = \\frac{##}{#} \\approx #.##\n\\]",
        "Hmm, so as @ → #, f(@) approaches #@ + # = ##. The left-hand limit should equal the right-hand limit, so ## = #@ + #.",
        "Subtract # from both sides: #@ = ##. Then divide by #: @ = ##/#. So @ is ##.",
        "For @ > #, it's #@ + ##; for -# ≤ @ ≤ #, it's @ - #. These two pieces have to meet at @ = #.",
        "Alternatively, maybe I can use modular arithmetic. Since ### ≡ # (mod ##), the remainder is #.",
        "The area of the triangle is $\\frac{1}{2} \\cdot ## \\cdot ## = ###$ square units, because the height is perpendicular to the base.",
        "Let me denote the angle at vertex $@$ by θ. Then cos θ = #/##, so sin θ = √(1 - (#/##)²).",
        "But wait, I should make sure that I'm not overcounting. There are $\\binom{##}{#} = ###$ ways to choose, and each is counted # times.",
        "Therefore, the probability is $\\dfrac{##}{###} = \\dfrac{#}{##}$, and $m + n = # + ## = ##$.",
        "Let's see: # + # = ##, ## + # = ##, ## + ## = ###. So the sum of the first few terms is ###.",
        "1. First, expand $(@ + #)(@ - ##) = @^2 - ##@ - ###$.\n2. Then compare coefficients: $p = -##$, $q = -###$.",
        "I think that's correct, but let me verify it by plugging @ = # back in: #·#² - ##·# + ## = 0 ✓.",
        "If the radius of the circle is ## units, its circumference is 2π·## ≈ ###.## units.",
        "That seems a bit too large, so I must have made a mistake somewhere. Going back: the second equation was $#@ + #y = ##$.",
        "\\begin{align*}\n#@ + #y &= ##, \\\\\n#@ - #y &= ##.\n\\end{align*}\nAdding both equations, the y terms cancel.",
        "So the final answer should be $\\boxed{##}$. Before I write it down, let me go through the reasoning once more."
    };

    private static final String LETTERS = "xyabcnkmrst";

    private MathsReasoning() {}

    /** So many characters, and what the last step has beyond them. */
    static String text(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder(length + 200);
        while (text.length() < length) {
            String step = STEPS[random.nextInt(STEPS.length)];
            char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
            for (int i = 0; i < step.length(); i++) {
                char c = step.charAt(i);
                if (c == '#') {
                    text.append((char) ('1' + random.nextInt(9)));
                } else {
                    text.append(c == '@' ? letter : c);
                }
            }
            text.append(random.nextInt(3) == 0 ? "\n\n" : " ");
        }
        return text.toString();
    }
}
