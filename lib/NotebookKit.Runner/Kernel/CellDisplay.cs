using Microsoft.AspNetCore.Html;

namespace NotebookKit.Runner.Kernel;

/// <summary>The functions that .NET Interactive gives to a cell, imported into every notebook that the runner executes.</summary>
public static class CellDisplay
{
    /// <summary>The kernel of this process: a kernel process has exactly one.</summary>
    internal static ScriptKernel? Kernel { get; set; }

    /// <summary>Shows a value in the cell's output.</summary>
    /// <param name="value">Anything; its formatter decides the look.</param>
    /// <param name="mimeTypes">The forms wanted; none means those that the type prefers.</param>
#pragma warning disable IDE1006 // The name is .NET Interactive's.
    public static DisplayedValue display(object? value, params string[] mimeTypes) => Running.Display(value, mimeTypes);
#pragma warning restore IDE1006

    /// <inheritdoc cref="display"/>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) => Running.Display(value, mimeTypes);

    /// <summary>Shows a text as it is under the mime type given.</summary>
    public static DisplayedValue DisplayAs(this string value, string mimeType) => Running.DisplayText(value, mimeType);

    /// <summary>A text that is HTML already, to be displayed or returned.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    private static ScriptKernel Running =>
        Kernel ?? throw new InvalidOperationException("There is no cell to display in: this function works in a notebook that nbk runs.");
}

/// <summary>A value on display, which can be replaced where it stands.</summary>
public sealed class DisplayedValue
{
    private readonly ScriptKernel kernel;
    private readonly string id;

    internal DisplayedValue(ScriptKernel kernel, string id) => (this.kernel, this.id) = (kernel, id);

    /// <summary>Puts another value in the place of the one shown.</summary>
    public void Update(object? value) => kernel.Update(id, value);
}
