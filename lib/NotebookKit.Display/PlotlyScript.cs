using Plotly.NET;

namespace NotebookKit.Display;

/// <summary>The plotly.js that the Plotly.NET package carries, so that no page asks a content network for it.</summary>
public static class PlotlyScript
{
    /// <summary>The text of plotly.js, about 3.6 MB.</summary>
    /// <exception cref="InvalidOperationException">This version of Plotly.NET carries no plotly.js.</exception>
    public static string Read()
    {
        var assembly = typeof(GenericChart).Assembly;
        string name = assembly.GetManifestResourceNames().SingleOrDefault(n => n.Contains(".plotly-", StringComparison.Ordinal) && n.EndsWith(".min.js", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} {assembly.GetName().Version} carries no plotly.js; NotebookKit expects Plotly.NET 6.0.0.");
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
