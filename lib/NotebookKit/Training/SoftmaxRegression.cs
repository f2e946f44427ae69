using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>
/// Multinomial logistic regression, fitted until the gradient vanishes: the problem is convex, so the result depends on the data alone,
/// on no seed and no learning rate.
/// </summary>
internal static class SoftmaxRegression
{
    private const int MostIterations = 500, Remembered = 10;
    private const double GradientTolerance = 1e-6;

    /// <summary>
    /// Minimises 1/n Σ −log softmax(Wᵀx)_y + 1/(2nC) ‖W‖², the bias left out of the norm, by L-BFGS with backtracking.
    /// </summary>
    /// <param name="x">Features with a last column of ones, float64 [n, features + 1].</param>
    /// <param name="y">Labels, int64 [n].</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="c">C, the inverse strength of the penalty.</param>
    /// <returns>W, float64 [features + 1, labels]; the last row is the bias.</returns>
    /// <exception cref="ArithmeticException">A feature is not a number.</exception>
    public static Tensor Fit(Tensor x, Tensor y, int labels, double c)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        long n = x.shape[0], width = x.shape[1];
        var oneHot = nn.functional.one_hot(y, labels).to(float64);
        var penalty = full(width, 1, 1 / (n * c), dtype: float64);
        penalty[-1] = 0;

        (double Value, Tensor Gradient) Objective(Tensor w)
        {
            using var inner = NewDisposeScope();
            var logProbabilities = nn.functional.log_softmax(x.mm(w), 1);
            double value = -(logProbabilities * oneHot).sum().item<double>() / n + 0.5 * (penalty * w * w).sum().item<double>();
            var gradient = x.t().mm((logProbabilities.exp() - oneHot) / n) + penalty * w;
            return (value, gradient.MoveToOuterDisposeScope());
        }

        var w = zeros(width, labels, dtype: float64);
        var (value, gradient) = Objective(w);
        var memory = new Queue<(Tensor Step, Tensor Change)>();
        for (int iteration = 0; iteration < MostIterations && gradient.abs().max().item<double>() > GradientTolerance; iteration++)
        {
            if (!double.IsFinite(value)) throw new ArithmeticException("A feature of the probe is not a number; the model that made it has diverged.");
            var direction = -TwoLoops(gradient, memory);
            double slope = Dot(gradient, direction), length = iteration == 0 ? Math.Min(1, 1 / gradient.abs().sum().item<double>()) : 1;
            var (next, nextValue, nextGradient) = (w, value, gradient);
            for (int halvings = 0; halvings < 40; halvings++, length /= 2)
            {
                next = w + length * direction;
                (nextValue, nextGradient) = Objective(next);
                if (nextValue <= value + 1e-4 * length * slope) break; // Armijo: the descent that the slope promises, in part
            }
            if (nextValue >= value) break; // no more to gain within rounding
            memory.Enqueue((next - w, nextGradient - gradient));
            if (memory.Count > Remembered) memory.Dequeue();
            (w, value, gradient) = (next, nextValue, nextGradient);
        }
        return w.MoveToOuterDisposeScope();
    }

    /// <summary>H g, where H is the inverse Hessian as far as the last steps show it (Nocedal and Wright, algorithm 7.4).</summary>
    private static Tensor TwoLoops(Tensor gradient, Queue<(Tensor Step, Tensor Change)> memory)
    {
        var q = gradient;
        var alphas = new Stack<double>();
        foreach (var (s, y) in memory.Reverse())
        {
            alphas.Push(Dot(s, q) / Dot(s, y));
            q -= alphas.Peek() * y;
        }
        if (memory.Count > 0) q *= Dot(memory.Last().Step, memory.Last().Change) / Dot(memory.Last().Change, memory.Last().Change);
        foreach (var (s, y) in memory) q += (alphas.Pop() - Dot(y, q) / Dot(s, y)) * s;
        return q;
    }

    private static double Dot(Tensor a, Tensor b) => (a * b).sum().item<double>();
}
