using System.Globalization;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Check;

/// <summary>A difference that a person should look at.</summary>
/// <param name="Place">The cell, by number and id; empty for the notebook as a whole.</param>
/// <param name="What">What differs.</param>
/// <param name="Committed">What is committed, and where.</param>
/// <param name="Now">What the run gave.</param>
/// <param name="Cure">What to do.</param>
internal sealed record Difference(string Place, string What, string Committed, string Now, string Cure);

/// <summary>What the check of one notebook found.</summary>
/// <param name="Notebook">The notebook's name.</param>
/// <param name="Metrics">How many metrics were compared.</param>
/// <param name="Differences">None when it is as committed.</param>
internal sealed record CheckResult(string Notebook, int Metrics, IReadOnlyList<Difference> Differences)
{
    /// <summary>What a person should look at some day; the check is green with it.</summary>
    public IReadOnlyList<Difference> Warnings { get; init; } = [];
}

/// <summary>
/// Compares a short run of a notebook with what is committed: the notebook's outputs (kinds, captions, columns, series, warnings) and the
/// metrics of the short run that was accepted last.
/// </summary>
internal static class NotebookCheck
{
    /// <param name="file">The notebook.</param>
    /// <param name="committed">As it is committed.</param>
    /// <param name="run">As the short run left it.</param>
    /// <param name="reference">What was accepted; null if nothing was.</param>
    public static CheckResult Compare(NotebookFile file, Notebook committed, Notebook run, SmokeReference? reference)
    {
        var differences = new List<Difference>();
        var commit = Facts(committed);
        var now = Facts(run);
        var places = Places(committed);
        string redo = $"If this is meant: 'nbk run {file.Name} --preset cpu --write', then 'nbk check {file.Name} --accept'. If not, look at what the cell calls.";
        var code = committed.Cells.Where(cell => cell.Kind == CellKind.Code).ToList();
        if (code.Count > 0 && code.All(cell => cell.ExecutionCount is null))
            differences.Add(new("", "the committed notebook has no outputs", "none", "a run", $"Execute it: 'nbk run {file.Name} --preset cpu --write'."));
        else
        {
            foreach (var (id, facts) in now)
                Structure(id, commit.GetValueOrDefault(id), facts);
        }

        if (reference is null)
            differences.Add(new("", "there is no reference for the metrics of the short run", "none", $"{now.Values.Sum(cell => cell.Metrics.Count)} metrics", $"Make one: 'nbk check {file.Name} --accept', and commit the file."));
        int compared = 0;
        foreach (var (id, metrics) in reference?.Cells ?? new Dictionary<string, IReadOnlyList<ReferenceMetric>>())
        {
            foreach (var metric in metrics)
            {
                compared++;
                Compare(id, metric, commit.GetValueOrDefault(id), now.GetValueOrDefault(id));
            }
        }
        return new CheckResult(file.Name, compared, differences);

        void Structure(string id, CellFacts? before, CellFacts facts)
        {
            before ??= new CellFacts([], [], []);
            var accepted = reference?.Shapes.GetValueOrDefault(id);
            if (!before.Shape.SequenceEqual(facts.Shape) && accepted?.SequenceEqual(facts.Shape) != true)
            {
                int at = before.Shape.Zip(facts.Shape).TakeWhile(pair => pair.First == pair.Second).Count();
                differences.Add(new(Place(id), $"output {at + 1} is another", before.Shape.ElementAtOrDefault(at) ?? "no such output", facts.Shape.ElementAtOrDefault(at) ?? "no such output", redo));
            }
            foreach (string? warning in facts.Warnings.Except(before.Warnings))
                differences.Add(new(Place(id), "a new warning", "not there", warning, "Mend what it warns of; a warning that must stay is committed with the notebook: " + redo));
        }

        void Compare(string id, ReferenceMetric metric, CellFacts? before, CellFacts? facts)
        {
            string what = $"metric '{metric.Name}' of '{metric.Of}'";
            if (facts?.Metrics.FirstOrDefault(m => m.Of == metric.Of && m.Name == metric.Name) is not { } found)
            {
                differences.Add(new(Place(id), what, Number(metric.Value), "not there", redo));
                return;
            }
            double tolerance = metric.Tolerance ?? found.LastDigit;
            if (Apart(found.Value, metric.Value, tolerance))
                differences.Add(new(Place(id), what, $"{Number(metric.Value)} ± {Number(tolerance)}, accepted from the short run of {reference!.Made}", Number(found.Value), redo));
            else if (metric.Tolerance is null
                && before?.Metrics.FirstOrDefault(m => m.Of == metric.Of && m.Name == metric.Name) is { } shown
                && Apart(found.Value, shown.Value, found.LastDigit))
            {
                differences.Add(new(Place(id), what, $"{Number(shown.Value)} in the committed notebook, at any preset", Number(found.Value),
                    "This number depends on the corpus and the code only. Is the corpus the pinned one ('nbk doctor')? " + redo));
            }
        }

        string Place(string id) => places.GetValueOrDefault(id, $"cell (id {id})");
    }

    /// <summary>What each code cell shows, by the cell's id.</summary>
    public static IReadOnlyDictionary<string, CellFacts> Facts(Notebook notebook) =>
        notebook.Cells.Where(cell => cell.Kind == CellKind.Code && !cell.HasTag(ParameterInjection.InjectedTag)).ToDictionary(cell => cell.Id, CellFacts.Of);

    /// <summary>Where a reader finds each cell: its number and its id.</summary>
    public static Dictionary<string, string> Places(Notebook notebook) => notebook.Cells
        .Where(cell => !cell.HasTag(ParameterInjection.InjectedTag))
        .Select((cell, i) => (cell.Id, Place: string.Create(CultureInfo.InvariantCulture, $"cell {i + 1} (id {cell.Id})")))
        .ToDictionary(cell => cell.Id, cell => cell.Place);

    /// <summary>Further apart than the tolerance, with room for the rounding of the subtraction itself.</summary>
    private static bool Apart(double a, double b, double tolerance) => Math.Abs(a - b) > tolerance + 1e-9 * Math.Max(Math.Abs(a), Math.Abs(b));

    private static string Number(double value) => value.ToString("#,0.###############", CultureInfo.InvariantCulture);
}
