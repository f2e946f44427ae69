using System.Text.Json.Nodes;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Execution;

/// <summary>
/// Gives a notebook's parameters other values the way papermill does: a cell tagged <c>injected-parameters</c> after the one
/// tagged <c>parameters</c>, which declares the variables once more.
/// </summary>
internal static class ParameterInjection
{
    public const string ParametersTag = "parameters";
    public const string InjectedTag = "injected-parameters";

    /// <summary>What a notebook's parameters are; empty when no cell has the tag.</summary>
    public static IReadOnlyList<Parameter> Declared(Notebook notebook) =>
        notebook.Cells.FirstOrDefault(IsParameters) is { } cell ? Parameter.In(cell.Source) : [];

    /// <summary>
    /// Replaces whatever an earlier run injected by <paramref name="values"/>; with none, the declared values hold again.
    /// </summary>
    /// <param name="notebook">The notebook; its cells are changed.</param>
    /// <param name="name">The notebook's name, for messages.</param>
    /// <param name="values">New values by the variables' names.</param>
    /// <exception cref="NotebookFormatException">A name is not declared, or a value does not fit.</exception>
    public static void Inject(Notebook notebook, string name, IReadOnlyDictionary<string, GivenValue> values)
    {
        notebook.Cells.RemoveAll(cell => cell.HasTag(InjectedTag));
        if (values.Count == 0)
            return;
        int index = notebook.Cells.FindIndex(IsParameters);
        if (index < 0)
        {
            throw new NotebookFormatException(
                $"{name}: no cell is tagged '{ParametersTag}', so '{values.Keys.First()}' cannot be set. Tag the cell that declares it.");
        }
        string place = $"{name}, cell {index + 1} (id {notebook.Cells[index].Id})";
        var declared = Parameter.In(notebook.Cells[index].Source);
        var lines = new List<string> { "// injected by nbk run" };
        foreach (var (parameter, value) in values)
        {
            var match = declared.FirstOrDefault(p => p.Name == parameter)
                ?? throw new NotebookFormatException(
                    $"{place}: there is no parameter '{parameter}'; the notebook has {Names(declared)}.");
            lines.Add(match.Redeclare(value.Text)
                ?? throw new NotebookFormatException($"{place}: parameter '{parameter}' {match.Refusal(value)}."));
        }
        notebook.Cells.Insert(index + 1, new NotebookCell
        {
            Kind = CellKind.Code,
            Id = FreeId(notebook),
            Source = string.Join('\n', lines),
            Metadata = new() { ["tags"] = new JsonArray(InjectedTag) },
        });
    }

    /// <summary>The preset that an executed notebook ran with, the injected one or else the declared one; empty without such a parameter.</summary>
    public static string PresetOf(Notebook notebook) => new[] { InjectedTag, ParametersTag }
        .SelectMany(tag => notebook.Cells.Where(cell => cell.HasTag(tag)))
        .SelectMany(cell => Parameter.In(cell.Source))
        .FirstOrDefault(parameter => parameter.Name == "preset")?.Value?.ToString() ?? "";

    public static string Names(IReadOnlyList<Parameter> parameters) =>
        parameters.Count == 0 ? "none" : string.Join(", ", parameters.Select(p => $"'{p.Name}'"));

    private static bool IsParameters(NotebookCell cell) => cell.Kind == CellKind.Code && cell.HasTag(ParametersTag);

    private static string FreeId(Notebook notebook)
    {
        string id = InjectedTag;
        while (notebook.Cells.Any(cell => cell.Id == id))
            id += "-2";
        return id;
    }
}

/// <summary>A parameter's new value as it was written, and where: an option or an environment variable, for messages.</summary>
internal sealed record GivenValue(string Text, string Source);
