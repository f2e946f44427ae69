namespace NotebookKit.Templates.Language;

/// <summary>What went wrong in a template, in the terms of the Python exceptions that Jinja2 would raise.</summary>
public enum TemplateErrorKind
{
    /// <summary>The text is not a template.</summary>
    Syntax,

    /// <summary>An undefined value was used for more than printing, testing or looping.</summary>
    Undefined,

    /// <summary>An operation does not apply to values of these types.</summary>
    Type,

    /// <summary>A value of the right type is out of range or malformed.</summary>
    Value,

    /// <summary>A dictionary has no such key.</summary>
    Key,

    /// <summary>A sequence has no such position.</summary>
    Index,

    /// <summary>A value has no such attribute.</summary>
    Attribute,

    /// <summary>Division by zero.</summary>
    ZeroDivision,

    /// <summary>A number is too large for the operation.</summary>
    Overflow,

    /// <summary>Any other failure while rendering.</summary>
    Runtime,

    /// <summary>The template asked for more work, output or nesting than <see cref="RenderLimits"/> grants.</summary>
    Limit,
}

/// <summary>A template that cannot be parsed or rendered. The message names the template, the line and the column.</summary>
public sealed class TemplateException : Exception
{
    internal TemplateException(TemplateErrorKind kind, string detail, string template, int line, int column, Exception? inner = null)
        : base($"{template}, line {line}, column {column}: {detail}", inner)
    {
        Kind = kind;
        Detail = detail;
        Template = template;
        Line = line;
        Column = column;
    }

    /// <summary>The class of the failure.</summary>
    public TemplateErrorKind Kind { get; }

    /// <summary>The failure without its place.</summary>
    public string Detail { get; }

    /// <summary>The name that the template was parsed under.</summary>
    public string Template { get; }

    /// <summary>Line of the failing expression or tag, counted from 1.</summary>
    public int Line { get; }

    /// <summary>Column of the failing expression or tag in UTF-16 units, counted from 1.</summary>
    public int Column { get; }
}
