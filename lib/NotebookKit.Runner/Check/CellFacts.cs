using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Check;

/// <summary>What the outputs of a cell say, in a form in which two executions can be compared.</summary>
/// <param name="Shape">
/// A line for each output: its kind, and the words of its caption, columns or series. Numbers and names of presets are left out of these,
/// because they may differ between two presets.
/// </param>
/// <param name="Metrics">The numbers of tables, and of printed lines such as <c>accuracy: 61.5 %</c>. Measured times are none.</param>
/// <param name="Warnings">The lines of the error stream, numbers left out.</param>
internal sealed partial record CellFacts(IReadOnlyList<string> Shape, IReadOnlyList<Metric> Metrics, IReadOnlyList<string> Warnings)
{
    public static CellFacts Of(NotebookCell cell)
    {
        var (shape, metrics, warnings) = (new List<string>(), new List<Metric>(), new List<string>());
        foreach (var output in cell.Outputs)
        {
            switch (output)
            {
                case StreamOutput { Name: "stderr" } stream:
                    warnings.AddRange(stream.Text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(WithoutNumbers));
                    break;
                case StreamOutput stream:
                    // Text comes in as many pieces as the host likes.
                    if (shape is not [.., "printed text"])
                        shape.Add("printed text");
                    metrics.AddRange(stream.Text.Split('\n').Select(Printed).OfType<Metric>());
                    break;
                case ShownOutput shown:
                    shape.Add(Display(shown.Data, metrics));
                    break;
                case ErrorOutput error:
                    shape.Add($"error {error.Name}");
                    break;
            }
        }
        return new CellFacts(shape, Apart(metrics), warnings);
    }

    private static string Display(JsonObject data, List<Metric> metrics)
    {
        if (data.Any(form => form.Key.StartsWith("application/vnd.plotly", StringComparison.Ordinal)))
            return "figure: " + WithoutNumbers(Text(data["text/plain"]));
        if (Table(Text(data["text/html"])) is { } table)
        {
            string caption = table.Element("caption")?.Value ?? "";
            string[] columns = table.Elements("thead").Elements("tr").Elements("th").Select(th => th.Value).ToArray();
            metrics.AddRange(Numbers(table, caption, columns));
            return $"table: {WithoutNumbers(caption)}, with the columns {string.Join(", ", columns.Select(WithoutNumbers))}";
        }
        return data.ContainsKey("text/html") ? "display" : data.Any(form => form.Key.StartsWith("image/", StringComparison.Ordinal)) ? "picture" : "value";
    }

    /// <summary>A table as the kit writes it, which is XML too, with the rows that are folded away below it; null for any other HTML.</summary>
    private static XElement? Table(string html)
    {
        if (!html.StartsWith("<table class=\"nbk-table\"", StringComparison.Ordinal))
            return null;
        try
        {
            var tables = XElement.Parse($"<div>{html}</div>").Descendants("table").ToList();
            tables[0].Add(tables.Skip(1).Elements("tbody"));
            return tables[0];
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static IEnumerable<Metric> Numbers(XElement table, string caption, string[] columns)
    {
        var rows = table.Elements("tbody").Elements("tr").Select(row => row.Elements("td").Select(td => td.Value).ToArray()).ToList();
        for (int column = 1; column < columns.Length; column++)
        {
            if (MeasuredTime().IsMatch(columns[column]))
                continue;
            var cells = rows.Select(row => Number().Match(row[column])).ToList();
            double scale = cells.Where(cell => cell.Success).Select(cell => Math.Abs(Value(cell))).DefaultIfEmpty().Max();
            foreach (var (row, cell) in rows.Zip(cells).Where(pair => pair.Second.Success))
                yield return new Metric(caption, row[0], columns[column], Value(cell), cell.Groups["fraction"].Length, scale);
        }
    }

    private static Metric? Printed(string line)
    {
        var match = PrintedNumber().Match(line.TrimEnd());
        return match.Success && !MeasuredTime().IsMatch(match.Groups["unit"].Value)
            ? new Metric("printed", match.Groups["name"].Value.Trim(), "", Value(match), match.Groups["fraction"].Length, Math.Abs(Value(match)))
            : null;
    }

    /// <summary>Two metrics of one name get numbers, so that each has its own.</summary>
    private static List<Metric> Apart(List<Metric> metrics) =>
    [
        .. metrics.GroupBy(m => (m.Of, m.Name)).SelectMany(same => same.Select((m, i) =>
            i == 0 ? m : m with { Row = string.Create(CultureInfo.InvariantCulture, $"{m.Row} ({i + 1})") })),
    ];

    private static double Value(Match match) => double.Parse(match.Groups["value"].Value.Replace('−', '-'), NumberStyles.Number, CultureInfo.InvariantCulture);

    private static string WithoutNumbers(string text) => Changing().Replace(text, "#");

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out string? text) ? text : "";

    /// <summary>A number in a cell of a table, with or without a spread behind it.</summary>
    [GeneratedRegex(@"^(?<value>[−-]?[\d,]+(\.(?<fraction>\d+))?)( ± [\d,.]+)?( ?%)?$")]
    private static partial Regex Number();

    /// <summary>"bag of words: 74.0 %", and nothing behind it but a unit.</summary>
    [GeneratedRegex(@"^(?<name>[^:]{1,80}): +(?<value>[−-]?[\d,]+(\.(?<fraction>\d+))?)(?<unit> ?%| [a-z/]+( [a-z]+)?)?$")]
    private static partial Regex PrintedNumber();

    [GeneratedRegex(@"\b(s|ms|µs|seconds?|milliseconds?|microseconds?|minutes?)\b|/s\b")]
    private static partial Regex MeasuredTime();

    /// <summary>Hashes, numbers, presets.</summary>
    [GeneratedRegex(@"\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b|\d[\d,.]*|\b(smoke|cpu|long|gpu)\b")]
    private static partial Regex Changing();
}
