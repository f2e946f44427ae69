using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookKit.Runner.Execution;

/// <summary>A variable that the cell tagged <c>parameters</c> declares with a literal.</summary>
/// <param name="Name">Its name, as in the notebook.</param>
/// <param name="DeclaredType">How the declaration writes the type: <c>var</c>, <c>string?</c>, …</param>
/// <param name="Value">The literal's value: a string, bool, int, long, float, double or null.</param>
internal sealed record Parameter(string Name, string DeclaredType, object? Value)
{
    /// <summary>The declarations <c>var name = literal;</c> of a cell, in order.</summary>
    public static IReadOnlyList<Parameter> In(string cell)
    {
        var tree = CSharpSyntaxTree.ParseText(cell, new CSharpParseOptions(kind: SourceCodeKind.Script));
        return
        [
            .. from field in tree.GetCompilationUnitRoot().Members.OfType<FieldDeclarationSyntax>()
               from variable in field.Declaration.Variables
               let literal = Literal(variable.Initializer?.Value)
               where literal.IsLiteral
               select new Parameter(variable.Identifier.Text, field.Declaration.Type.ToString(), literal.Value),
        ];
    }

    /// <summary>What the declared type is called in a message.</summary>
    public string Kind => Value switch
    {
        bool => "a bool (true or false)",
        int => "an int",
        long => "a long",
        float or double => "a number",
        _ => "a string",
    };

    /// <summary>The cell line that gives this variable another value, or null when <paramref name="text"/> does not fit the declared type.</summary>
    public string? Redeclare(string text) => Fit(text) is { } literal ? $"{DeclaredType} {Name} = {literal};" : null;

    private string? Fit(string text)
    {
        var culture = CultureInfo.InvariantCulture;
        return Value switch
        {
            bool => bool.TryParse(text, out var value) ? SymbolDisplay.FormatPrimitive(value, true, false) : null,
            int => int.TryParse(text, NumberStyles.Integer, culture, out var value) ? value.ToString(culture) : null,
            long => long.TryParse(text, NumberStyles.Integer, culture, out var value) ? value.ToString(culture) + "L" : null,
            float => float.TryParse(text, NumberStyles.Float, culture, out var value) && float.IsFinite(value) ? value.ToString("R", culture) + "f" : null,
            double => double.TryParse(text, NumberStyles.Float, culture, out var value) && double.IsFinite(value) ? Double(value) : null,
            _ => SymbolDisplay.FormatLiteral(text, quote: true),
        };
    }

    /// <summary>A double stays one: "1" would redeclare the variable as an int.</summary>
    private static string Double(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny(".E") ? text : text + ".0";
    }

    private static (bool IsLiteral, object? Value) Literal(ExpressionSyntax? expression) => expression switch
    {
        LiteralExpressionSyntax literal => (true, literal.Token.Value),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax literal } => literal.Token.Value switch
        {
            int value => (true, -value),
            long value => (true, -value),
            float value => (true, -value),
            double value => (true, -value),
            _ => (false, null),
        },
        _ => (false, null),
    };
}
