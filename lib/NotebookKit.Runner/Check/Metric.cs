namespace NotebookKit.Runner.Check;

/// <summary>A number that a cell shows under a name.</summary>
/// <param name="Of">The caption of its table, or <c>printed</c> for a line of console text.</param>
/// <param name="Row">The first cell of its row, or what stands before the colon of the line.</param>
/// <param name="Column">The head of its column; empty for a line.</param>
/// <param name="Value">As shown: rounded.</param>
/// <param name="Decimals">Digits after the point.</param>
/// <param name="Scale">The largest absolute value of its column: what a small difference is small against.</param>
internal sealed record Metric(string Of, string Row, string Column, double Value, int Decimals, double Scale)
{
    /// <summary>What it is called in reports.</summary>
    public string Name => Column.Length == 0 ? Row : $"{Row} / {Column}";

    /// <summary>
    /// A spread over seeds, or a difference of two means. Where the means move a little, these move by as much as they are, so they are no measure of
    /// what has changed; the means are.
    /// </summary>
    public bool IsDerived => Column is "sd" or "se" || Column.Contains(" minus ", StringComparison.Ordinal);

    /// <summary>One unit of the last digit shown for a fraction, which rounding may move; nothing for a whole number.</summary>
    public double LastDigit => Decimals == 0 ? 0 : Math.Pow(10, -Decimals);
}
