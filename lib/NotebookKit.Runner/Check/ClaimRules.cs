using System.Text.Json.Nodes;
using NotebookKit.Display;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Runner.Check;

/// <summary>The table of claims is the same in its file, in the committed notebook and in a short run, and the cells it names exist.</summary>
internal static class ClaimRules
{
    /// <param name="file">The notebook.</param>
    /// <param name="claims">What its file holds.</param>
    /// <param name="path">That file.</param>
    /// <param name="committed">The notebook as committed.</param>
    /// <param name="run">As a short run left it.</param>
    public static IEnumerable<Difference> Of(NotebookFile file, ClaimTable claims, string path, Notebook committed, Notebook run)
    {
        string name = Path.GetFileName(path);
        var expected = claims.ToFrame().AsTable(claims.Summary);
        string made = "Make the claims of committed rows (RunPair.Best), which are the same at every preset, show them with claims.ToFrame().AsTable(claims.Summary), "
            + $"and let the notebook write {name} again: 'nbk run {file.Name} --preset cpu --write' with its parameter for saving.";
        foreach (var (notebook, where) in new[] { (committed, "the committed notebook"), (run, "the short run") })
        {
            var tables = notebook.Cells.SelectMany(cell => cell.Outputs).Select(Html).Where(html => html.Contains("<th scope=\"col\" style=\"text-align:left\">in the paper</th>", StringComparison.Ordinal)).ToList();
            if (tables.Count == 0)
                yield return new("", $"{where} does not print the table of claims", name, "no such table", made);
            else if (!tables.Contains(expected.ToHtml()))
                yield return new("", $"the table of claims of {where} is not that of {name}", claims.Summary, "another table", made);
        }
        var cells = committed.Cells.Select(cell => cell.Id).ToHashSet();
        foreach (var claim in claims.Where(claim => claim.Cell.Length > 0 && !cells.Contains(claim.Cell)))
            yield return new("", $"the claim “{claim.Text}” names a cell that is not there", claim.Cell, "", $"Name the cell that shows it, by its id. {made}");
    }

    private static string Html(CellOutput output) => (string?)((output switch { DisplayOutput d => d.Data, ResultOutput r => r.Data, _ => [] })["text/html"] as JsonValue) ?? "";
}
