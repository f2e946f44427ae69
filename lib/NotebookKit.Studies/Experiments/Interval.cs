using System.Globalization;

namespace NotebookKit.Studies.Experiments;

/// <summary>A two-sided interval of confidence. Both ends are NaN where the data say nothing of the spread, as with a single seed.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end; may be infinite, for a step that some draws never reach.</param>
/// <param name="Level">The share of such intervals that hold the true value, such as 0.95.</param>
public readonly record struct Interval(double Low, double High, double Level = 0.95)
{
    /// <summary>Whether there is an interval at all.</summary>
    public bool IsKnown => !double.IsNaN(Low) && !double.IsNaN(High);

    /// <summary>Whether it lies inside −<paramref name="margin"/> … <paramref name="margin"/>: the two are level, up to that margin.</summary>
    /// <param name="margin">The largest difference that is as good as none.</param>
    public bool IsWithin(double margin) => IsKnown && Low >= -margin && High <= margin;

    /// <summary>Both ends as words: <c>−0.040 to 0.156</c>, or <c>unknown</c>.</summary>
    /// <param name="decimals">Digits after the point.</param>
    public string ToString(int decimals) => IsKnown ? $"{Number(Low, decimals)} to {Number(High, decimals)}" : "unknown";

    /// <inheritdoc/>
    public override string ToString() => ToString(3);

    /// <summary>A number with a true minus sign, as texts and tables show it.</summary>
    internal static string Number(double value, int decimals) =>
        double.IsPositiveInfinity(value) ? "never" : value.ToString("N" + decimals, CultureInfo.InvariantCulture).Replace('-', '−');
}
