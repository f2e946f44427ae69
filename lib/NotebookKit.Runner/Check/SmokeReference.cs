using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NotebookKit.Runner.Execution;

namespace NotebookKit.Runner.Check;

/// <summary>A metric of the short run, and how far another run may be from it.</summary>
/// <param name="Of">The caption of its table, or <c>printed</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">The value of the run that was accepted.</param>
/// <param name="Tolerance">
/// The largest difference that counts as the same; null for a metric that does not depend on the preset, which must be what the committed
/// notebook shows.
/// </param>
internal sealed record ReferenceMetric(string Of, string Name, double Value, double? Tolerance);

/// <summary>
/// What the short run of a notebook gave when it was last accepted (<c>nbk check --accept</c>): a file of <c>data/smoke</c>. Its numbers are only
/// ever written by a run. Its tolerances may be changed by hand, and stay when a later run is accepted.
/// </summary>
/// <param name="Made">When, on what and from which commit, for readers.</param>
/// <param name="Cells">The metrics of each cell, by the cell's id.</param>
/// <param name="Shapes">
/// The outputs (<see cref="CellFacts.Shape"/>) of those cells that show something else at the short preset than the committed notebook does, such as a
/// table without a column that only a longer run can fill.
/// </param>
internal sealed record SmokeReference(
    string Made, IReadOnlyDictionary<string, IReadOnlyList<ReferenceMetric>> Cells, IReadOnlyDictionary<string, IReadOnlyList<string>> Shapes)
{
    private const string Format = "notebookkit-smoke 1";
    private const string AsCommitted = "as committed";

    /// <summary>A difference of this share of the largest number in the column is the same, unless another tolerance is written down.</summary>
    private const double Share = 0.1;

    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where the reference of a notebook lies.</summary>
    public static string PathOf(Repository repository, string notebook) => Path.Combine([repository.Root, "data", "smoke", .. $"{notebook}.json".Split('/')]);

    /// <summary>Takes the metrics of a run.</summary>
    /// <param name="made">When, on what and from which commit.</param>
    /// <param name="run">The short run, by the cells' ids.</param>
    /// <param name="committed">
    /// The committed notebook: a column that it shows with the same numbers does not depend on the preset. Empty when it was executed at the short
    /// preset itself, and so tells nothing about that.
    /// </param>
    /// <param name="earlier">The reference until now, whose hand-made tolerances are kept; null if there is none.</param>
    public static SmokeReference Accept(
        string made, IReadOnlyDictionary<string, CellFacts> run, IReadOnlyDictionary<string, CellFacts> committed, SmokeReference? earlier)
    {
        var shapes = run.Where(cell => committed.GetValueOrDefault(cell.Key) is { } other && !other.Shape.SequenceEqual(cell.Value.Shape)).ToDictionary(cell => cell.Key, cell => cell.Value.Shape);
        return new(made, run
            .Select(cell => (cell.Key, Metrics: cell.Value.Metrics.GroupBy(m => (m.Of, m.Column, Line: m.Column.Length == 0 ? m.Row : "")).SelectMany(column => Column(cell.Key, [.. column])).ToList()))
            .Where(cell => cell.Metrics.Count > 0)
            .ToDictionary(cell => cell.Key, cell => (IReadOnlyList<ReferenceMetric>)cell.Metrics), shapes);

        IEnumerable<ReferenceMetric> Column(string cell, List<Metric> column)
        {
            var shown = committed.GetValueOrDefault(cell)?.Metrics ?? [];
            if (column.All(m => shown.Any(s => s.Of == m.Of && s.Name == m.Name && s.Value == m.Value)))
                return column.Select(m => new ReferenceMetric(m.Of, m.Name, m.Value, null));
            var before = earlier?.Cells.GetValueOrDefault(cell) ?? [];
            return column.Where(m => !m.IsDerived).Select(m => new ReferenceMetric(m.Of, m.Name, m.Value,
                before.FirstOrDefault(b => b.Of == m.Of && b.Name == m.Name)?.Tolerance ?? Math.Max(m.LastDigit, Rounded(Share * m.Scale))));
        }
    }

    /// <summary>The accepted value of a metric with this name, in any cell; null if there is none.</summary>
    public double? ValueOf(ReferenceMetric metric) =>
        Cells.Values.SelectMany(cell => cell).FirstOrDefault(m => m.Of == metric.Of && m.Name == metric.Name)?.Value;

    public static SmokeReference Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format)
                throw new InvalidDataException($"{path}: 'format' is not '{Format}'. Make the file anew with 'nbk check --accept'.");
            return new(root.GetProperty("made").GetString()!, root.GetProperty("cells").EnumerateObject().ToDictionary(
                cell => cell.Name,
                cell => (IReadOnlyList<ReferenceMetric>)
                [
                    .. from table in cell.Value.EnumerateObject()
                       from metric in table.Value.EnumerateArray()
                       select new ReferenceMetric(table.Name, metric[0].GetString()!, metric[1].GetDouble(),
                           metric[2].ValueKind == JsonValueKind.Number ? metric[2].GetDouble()
                           : metric[2].GetString() == AsCommitted ? null
                           : throw new InvalidDataException($"{path}: the tolerance of '{metric[0]}' (cell {cell.Name}) is neither a number nor '{AsCommitted}'.")),
                ]), root.GetProperty("outputs").EnumerateObject().ToDictionary(
                cell => cell.Name, cell => (IReadOnlyList<string>)[.. cell.Value.EnumerateArray().Select(output => output.GetString()!)]));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{path} is not a reference of a short run: {e.Message} Make it anew with 'nbk check --accept'.", e);
        }
    }

    public void Write(string path) => AtomicFile.Write(path, ToJson());

    /// <summary>A line a metric: name, value, tolerance.</summary>
    public string ToJson()
    {
        var text = new StringBuilder($$"""
            {
              "format": "{{Format}}",
              "made": {{Quote(Made)}},
              "cells": {
            """).Append('\n');
        text.AppendJoin(",\n", Cells.Select(cell => $"    {Quote(cell.Key)}: {{\n" + string.Join(",\n", cell.Value.GroupBy(m => m.Of).Select(table =>
            $"      {Quote(table.Key)}: [\n" + string.Join(",\n", table.Select(m => $"        [{Quote(m.Name)}, {Number(m.Value)}, {(m.Tolerance is { } t ? Number(t) : Quote(AsCommitted))}]")) + "\n      ]")) + "\n    }"));
        text.Append("\n  },\n  \"outputs\": {");
        text.AppendJoin(',', Shapes.Select(cell => $"\n    {Quote(cell.Key)}: [{string.Join(", ", cell.Value.Select(Quote))}]"));
        return text.Append(Shapes.Count > 0 ? "\n  }\n}\n" : "}\n}\n").ToString();
    }

    /// <summary>Two digits are enough for a tolerance.</summary>
    private static double Rounded(double value) =>
        value == 0 ? 0 : double.Parse(value.ToString("G2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quote(string text) => JsonSerializer.Serialize(text, Quoting);
}
