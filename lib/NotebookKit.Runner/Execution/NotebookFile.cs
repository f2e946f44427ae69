using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Execution;

/// <summary>A notebook on disk.</summary>
/// <param name="Name">Its path under the notebooks folder without the ending, with '/', such as <c>solutions/01-pmi-masking</c>.</param>
/// <param name="Path">The file.</param>
internal sealed record NotebookFile(string Name, string Path)
{
    private const string Ending = ".ipynb";

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Every notebook of a folder and its subfolders, in the order of their names.</summary>
    public static IReadOnlyList<NotebookFile> All(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        return
        [
            .. from path in Directory.EnumerateFiles(folder, "*" + Ending, SearchOption.AllDirectories)
               let name = System.IO.Path.ChangeExtension(System.IO.Path.GetRelativePath(folder, path), null).Replace('\\', '/')
               // Hidden folders hold an editor's checkpoints.
               where !name.Split('/').Any(part => part.StartsWith('.'))
               orderby name.Contains('/'), name
               select new NotebookFile(name, path),
        ];
    }

    /// <summary>
    /// The notebooks that were asked for: each by its name, by the start of its name if only one starts so (<c>01</c>), or by a path.
    /// None means all.
    /// </summary>
    /// <exception cref="NotebookFormatException">A name fits no notebook, or several.</exception>
    public static IReadOnlyList<NotebookFile> Select(string folder, IReadOnlyList<string> wanted)
    {
        var all = All(folder);
        if (wanted.Count == 0)
        {
            return all.Count > 0 ? all : throw new NotebookFormatException($"There is no notebook in {folder}.");
        }
        var chosen = wanted.Select(name => Find(folder, all, name)).DistinctBy(file => file.Path).ToList();
        var twice = chosen.GroupBy(file => file.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? chosen : throw new NotebookFormatException(
            $"Two of the notebooks have the name '{twice.Key}', and their executed copies would too; run them one at a time.");
    }

    private static NotebookFile Find(string folder, IReadOnlyList<NotebookFile> all, string wanted)
    {
        string name = wanted.EndsWith(Ending, StringComparison.Ordinal) ? wanted[..^Ending.Length] : wanted;
        if (all.FirstOrDefault(file => file.Name == name) is { } exact)
            return exact;
        if (wanted.EndsWith(Ending, StringComparison.Ordinal) && File.Exists(wanted))
        {
            string path = System.IO.Path.GetFullPath(wanted);
            return all.FirstOrDefault(file => file.Path == path) ?? new NotebookFile(System.IO.Path.GetFileNameWithoutExtension(path), path);
        }
        return all.Where(file => file.Name.StartsWith(name, StringComparison.Ordinal)).ToArray() switch
        {
            [var one] => one,
            [] => throw new NotebookFormatException($"No notebook is called '{wanted}'; in {folder} there are: {List(all)}."),
            var several => throw new NotebookFormatException($"'{wanted}' fits several notebooks: {List(several)}."),
        };
    }

    private static string List(IReadOnlyList<NotebookFile> files) => files.Count == 0 ? "none" : string.Join(", ", files.Select(file => file.Name));
}
