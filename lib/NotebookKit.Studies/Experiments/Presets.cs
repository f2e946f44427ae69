namespace NotebookKit.Studies.Experiments;

/// <summary>The sizes at which a notebook can be run, from the shortest to the longest. Each study says what they mean for it.</summary>
public static class Presets
{
    /// <summary>The names: <c>smoke</c>, <c>cpu</c>, <c>long</c>, <c>gpu</c>.</summary>
    public static IReadOnlyList<string> All { get; } = ["smoke", "cpu", "long", "gpu"];

    /// <summary>Those that need no GPU, from the shortest to the longest.</summary>
    public static IReadOnlyList<string> OnTwoCores { get; } = ["smoke", "cpu", "long"];

    /// <summary>What each is for, in a line.</summary>
    public static string Words => "smoke (about a minute, claims nothing), cpu (two cores, under twenty minutes), long (two cores, up to an hour) or gpu (one large GPU, ten minutes at most)";

    /// <summary>The place in <see cref="All"/>; −1 for a name that is none.</summary>
    /// <param name="preset">A name.</param>
    public static int Rank(string preset) => All.ToList().IndexOf(preset);

    /// <summary>The answer to a name that a study does not know.</summary>
    /// <param name="preset">The name.</param>
    public static ArgumentException Unknown(string preset) => new($"There is no preset '{preset}'. Use {string.Join(", ", All.SkipLast(1))} or {All[^1]}.", nameof(preset));
}
