using System.Runtime.CompilerServices;

namespace NotebookKit.Templates.Language;

/// <summary>
/// A failure inside an operation, before its place in the template is known; <see cref="RenderState"/> knows the place and
/// <see cref="PromptTemplate"/> turns it into a <see cref="TemplateException"/>.
/// </summary>
internal sealed class PythonError(TemplateErrorKind kind, string message) : Exception(message)
{
    public TemplateErrorKind Kind { get; } = kind;

    public static PythonError Type(string message) => new(TemplateErrorKind.Type, message);

    public static PythonError Value(string message) => new(TemplateErrorKind.Value, message);

    public static PythonError Key(string message) => new(TemplateErrorKind.Key, message);

    public static PythonError Index(string message) => new(TemplateErrorKind.Index, message);

    public static PythonError Runtime(string message) => new(TemplateErrorKind.Runtime, message);

    public static PythonError Undefined(string message) => new(TemplateErrorKind.Undefined, message);

    public static PythonError Overflow(string message) => new(TemplateErrorKind.Overflow, message);

    public static PythonError ZeroDivision(string message) => new(TemplateErrorKind.ZeroDivision, message);

    public static PythonError Limit(string message) => new(TemplateErrorKind.Limit, message);

    /// <summary>Recursion over data (nested lists, macros) ends here instead of in a stack overflow, which .NET cannot catch.</summary>
    public static void GuardStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw Limit("values or calls are nested too deeply");
    }
}
