using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Check;

/// <summary>What can be told mechanically of a notebook's form: short lines, tables that fit a page, captions, slides that can be shown.</summary>
internal static partial class FormRules
{
    private const int LineLength = 120, Columns = 6, Rows = 12, SlideWords = 90;

    /// <summary>Where a committed notebook breaks a rule; advice where a person must judge.</summary>
    /// <param name="notebook">The notebook with its outputs.</param>
    public static IEnumerable<(Difference Difference, bool IsAdvice)> Of(Notebook notebook)
    {
        var places = NotebookCheck.Places(notebook);
        foreach (var cell in notebook.Cells.Where(cell => cell.Kind == CellKind.Code && !cell.HasTag(ParameterInjection.InjectedTag)))
        {
            foreach (var broken in Lines(cell).Concat(cell.Outputs.SelectMany(Shown)))
                yield return (new Difference(places[cell.Id], broken.What, broken.Found, "", broken.Cure), false);
        }
        foreach (var (cell, words) in Slides(notebook).Where(slide => slide.Words > SlideWords))
            yield return (new Difference(places[cell], Text($"the slide that begins here has {words} words"), "", "", Text($"About {SlideWords} can be read from a wall: begin another slide, or make long text a cell of notes.")), true);
    }

    private static IEnumerable<(string What, string Found, string Cure)> Lines(NotebookCell cell) => cell.Source.Split('\n')
        .Select((line, i) => (Line: line.TrimEnd(), Number: i + 1))
        .Where(line => line.Line.Length > LineLength)
        .Select(line => (Text($"line {line.Number} has {line.Line.Length} characters"), line.Line[..60] + "…", Text($"Break it before column {LineLength}, or give the library the verb that it lacks.")));

    private static IEnumerable<(string What, string Found, string Cure)> Shown(CellOutput output)
    {
        var data = output switch { DisplayOutput d => d.Data, ResultOutput r => r.Data, _ => [] };
        if (data.FirstOrDefault(form => form.Key.StartsWith("application/vnd.plotly", StringComparison.Ordinal)).Value is { } figure && string.IsNullOrWhiteSpace((string?)figure["layout"]?["meta"]?["caption"]))
            yield return ("a figure has no caption", "", "Say in it what the figure shows, as a finding.");
        if (Table((string?)(data["text/html"] as JsonValue) ?? "") is not { } table)
            yield break;
        var (columns, rows) = (table.Elements("thead").Elements("tr").Elements("th").Count(), table.Elements("tbody").Elements("tr").Count());
        if (string.IsNullOrWhiteSpace(table.Element("caption")?.Value))
            yield return ("a table has no caption", "", "Say in it what the rows are and what they show.");
        if (columns > Columns)
            yield return (Text($"a table has {columns} columns"), table.Element("caption")?.Value ?? "", Text($"More than {Columns} are not read: leave some out, or make two tables."));
        if (rows > Rows)
            yield return (Text($"a table shows {rows} rows"), table.Element("caption")?.Value ?? "", Text($"Fold what comes after the first {Rows} (WithOpenRows)."));
    }

    /// <summary>The open table of an output of the kit.</summary>
    private static XElement? Table(string html)
    {
        if (!html.StartsWith("<table class=\"nbk-table\"", StringComparison.Ordinal))
            return null;
        try
        {
            return XElement.Parse($"<div>{html}</div>").Element("table");
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>The first cell of each slide, and the words of its prose; code and outputs are not read from a wall.</summary>
    private static List<(string Cell, int Words)> Slides(Notebook notebook)
    {
        bool told = notebook.Cells.Any(cell => Kind(cell).Length > 0);
        var slides = new List<(string Cell, int Words)>();
        foreach (var cell in notebook.Cells)
        {
            string kind = told ? Kind(cell) : cell.Kind == CellKind.Markdown && SectionHead().IsMatch(cell.Source) ? "slide" : "";
            if (kind is "skip" or "notes")
                continue;
            if (kind is "slide" or "subslide" || slides.Count == 0)
                slides.Add((cell.Id, 0));
            if (cell.Kind == CellKind.Markdown)
                slides[^1] = (slides[^1].Cell, slides[^1].Words + Word().Count(NotProse().Replace(cell.Source, " ")));
        }
        return slides;
    }

    private static string Kind(NotebookCell cell) => (string?)cell.Metadata["slideshow"]?["slide_type"] is { } kind and not "-" ? kind : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*##? ")]
    private static partial Regex SectionHead();

    [GeneratedRegex(@"\w+(['’-]\w+)*")]
    private static partial Regex Word();

    /// <summary>Formulas, code, tags, the targets of links, folded answers.</summary>
    [GeneratedRegex(@"(?s)\$\$.*?\$\$|\$[^$\n]*\$|```.*?```|`[^`\n]*`|<details.*?</details>|<[^>\n]*>|\]\([^)\n]*\)")]
    private static partial Regex NotProse();
}
