using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookKit.Interactive;

/// <summary>
/// <c>display(x)</c> and <c>x.Display()</c> whose value can be replaced where it stands. The engine's own send an update under another id
/// than the display, and it is drawn nowhere. Generic, so that the compiler prefers them to the engine's, which take an object.
/// </summary>
public static class Displays
{
    /// <summary>Shows a value in the output of the running cell.</summary>
    /// <param name="value">Anything; its formatter decides the look.</param>
    /// <param name="mimeTypes">The forms wanted; none means those that the type prefers.</param>
    /// <returns>The value on display, whose <c>Update</c> puts another in its place.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue Display<T>(this T value, params string[] mimeTypes) => KernelInvocationContextExtensions.Display(
        KernelInvocationContext.Current ?? throw new InvalidOperationException("There is no cell to display in: a display belongs to the cell that runs."),
        value, mimeTypes);

#pragma warning disable IDE1006 // The name is .NET Interactive's.
    /// <inheritdoc cref="Display{T}"/>
    public static DisplayedValue display<T>(T value, params string[] mimeTypes) => value.Display(mimeTypes);
#pragma warning restore IDE1006
}
