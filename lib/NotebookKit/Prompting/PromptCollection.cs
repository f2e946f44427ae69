namespace NotebookKit.Prompting;

/// <summary>The prompts of one data set, or of one subset of it: a file <c>templates.yaml</c> of promptsource.</summary>
/// <param name="Dataset">Name of the data set, such as <c>super_glue</c>.</param>
/// <param name="Subset">Name of the subset, such as <c>copa</c>, or null.</param>
/// <param name="Prompts">The prompts, in the order of the file.</param>
public sealed record PromptCollection(string Dataset, string? Subset, IReadOnlyList<Prompt> Prompts)
{
    /// <summary>Data set and subset with a slash between, as folders and mixtures name them.</summary>
    public string Name => Subset is null ? Dataset : $"{Dataset}/{Subset}";

    /// <summary>The prompt of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those there are.</exception>
    public Prompt this[string name] => Prompts.FirstOrDefault(p => p.Name == name)
        ?? throw new KeyNotFoundException($"{Name} has no prompt '{name}'; it has: {string.Join(", ", Prompts.Select(p => p.Name))}.");

    /// <summary>Reads a <c>templates.yaml</c>.</summary>
    /// <exception cref="PromptFileException">The file is not one; the message gives the place.</exception>
    public static PromptCollection Load(string path)
    {
        using var reader = File.OpenText(path);
        return PromptYaml.Read(reader, path);
    }

    /// <summary>Reads the text of a <c>templates.yaml</c>.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="PromptFileException">The text is not such a file; the message gives the place.</exception>
    public static PromptCollection Read(TextReader reader, string source = "templates.yaml") => PromptYaml.Read(reader, source);

    /// <summary>Writes the collection in promptsource's format, so that promptsource reads it back. The file appears whole or not at all.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        Write(writer);
    });

    /// <summary>Writes the collection in promptsource's format.</summary>
    public void Write(TextWriter writer) => PromptYaml.Write(this, writer);
}
