using NotebookKit.Models;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Training;

public class TrainingOptionsTests
{
    [Fact]
    public void The_rate_rises_linearly_and_falls_linearly_to_zero()
    {
        var options = new TrainingOptions { Steps = 10, WarmUpSteps = 4, LearningRate = 1 };

        double[] expected = [0, 1 / 4.0, 2 / 4.0, 3 / 4.0, 1, 5 / 6.0, 4 / 6.0, 3 / 6.0, 2 / 6.0, 1 / 6.0, 0, 0];
        Assert.Equal(expected, Enumerable.Range(0, 12).Select(t => Math.Round(options.RateAt(t), 15)), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Without_warm_up_the_first_step_has_the_full_rate() => Assert.Equal(1e-4, new TrainingOptions { WarmUpSteps = 0 }.RateAt(0));

    [Fact]
    public void Biases_and_norms_do_not_decay_and_everything_else_does()
    {
        using var model = new BertForMaskedLM(SmallBert.Config);
        using var optimizer = new TrainingOptions { WeightDecay = 0.5, LearningRate = 1 }.CreateOptimizer(model);
        foreach (var weight in model.parameters()) weight.grad = zeros_like(weight);
        using (no_grad()) foreach (var weight in model.parameters()) weight.fill_(1);

        optimizer.step();

        foreach (var (name, weight) in model.named_parameters())
        {
            bool exempt = name.EndsWith("bias", StringComparison.Ordinal) || name.Contains("LayerNorm");
            Assert.Equal(exempt ? 1 : 0.5, weight.flatten()[0].item<float>());
        }
    }

    [Fact]
    public void Two_steps_follow_the_equations_of_AdamW()
    {
        var options = new TrainingOptions { LearningRate = 0.1, WeightDecay = 0.01, Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-6 };
        using var layer = nn.Linear(1, 1, hasBias: false, dtype: float64);
        using (no_grad()) layer.weight!.fill_(2);
        using var optimizer = options.CreateOptimizer(layer);
        double w = 2, m = 0, v = 0;
        foreach (var (g, t) in new[] { (0.5, 1), (-0.2, 2) })
        {
            layer.weight!.grad = full(1, 1, g, dtype: float64);
            optimizer.step();

            m = 0.9 * m + 0.1 * g;
            v = 0.99 * v + 0.01 * g * g;
            double mHat = m / (1 - Math.Pow(0.9, t)), vHat = v / (1 - Math.Pow(0.99, t));
            w = w * (1 - 0.1 * 0.01) - 0.1 * mHat / (Math.Sqrt(vHat) + 1e-6);
            Assert.Equal(w, layer.weight.item<double>(), 10);
        }
    }
}
