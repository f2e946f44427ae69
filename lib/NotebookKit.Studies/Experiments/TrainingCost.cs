using System.Globalization;

namespace NotebookKit.Studies.Experiments;

/// <summary>What a training costs, by the rule of six operations a weight and token (Kaplan et al. 2020, §2.1), at a throughput that was measured.</summary>
/// <param name="Weights">Weights of the model.</param>
/// <param name="Tokens">Tokens that it is trained on: steps times batch times length.</param>
/// <param name="OperationsPerSecond">Floating-point operations a second that a training reaches here, as measured.</param>
/// <param name="Runs">How many such trainings are needed.</param>
public sealed record TrainingCost(double Weights, double Tokens, double OperationsPerSecond, int Runs = 1)
{
    /// <summary>6 N D, times the runs.</summary>
    public double Operations => 6 * Weights * Tokens * Runs;

    /// <summary>Hours at that throughput.</summary>
    public double Hours => Operations / OperationsPerSecond / 3600;

    /// <summary>The throughput of a training that was made here.</summary>
    /// <param name="weights">Weights of its model.</param>
    /// <param name="tokens">Tokens that it was trained on.</param>
    /// <param name="seconds">How long that took.</param>
    public static double Throughput(double weights, double tokens, double seconds) => 6 * weights * tokens / seconds;

    /// <summary><c>1 training of 110 M weights on 131 B tokens: 8.6e19 operations, 240,000 hours at 100 G operations a second</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Runs} training{(Runs == 1 ? "" : "s")} of {Short(Weights)} weights on {Short(Tokens)} tokens: {Operations:0.#e0} operations, {Rounded(Hours)} hours at {Short(OperationsPerSecond)} operations a second");

    private static string Short(double value) => value switch
    {
        >= 1e12 => Rounded(value / 1e12) + " T",
        >= 1e9 => Rounded(value / 1e9) + " B",
        >= 1e6 => Rounded(value / 1e6) + " M",
        _ => value.ToString("N0", CultureInfo.InvariantCulture),
    };

    /// <summary>Two digits that count.</summary>
    private static string Rounded(double value)
    {
        if (value is <= 0 or >= 1e15) return value.ToString("0.#e0", CultureInfo.InvariantCulture);
        double scale = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return (Math.Round(value / scale) * scale).ToString(value < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture);
    }
}
