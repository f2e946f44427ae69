using System.Globalization;
using System.Numerics;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceCodeKind = Microsoft.CodeAnalysis.SourceCodeKind;

namespace NotebookKit.Runner.Execution;

/// <summary>A variable that the cell tagged <c>parameters</c> declares with a literal.</summary>
/// <param name="Name">Its name, as in the notebook.</param>
/// <param name="DeclaredType">How the declaration writes the type: <c>var</c>, <c>string?</c>, …</param>
/// <param name="Value">The literal's value: a string, bool, char, number or null.</param>
internal sealed record Parameter(string Name, string DeclaredType, object? Value)
{
    /// <summary>The types that a text can set, by keyword and by name: what messages call them, and the literal of a text, null when it does not fit.</summary>
    private static readonly Dictionary<string, (string Said, Func<string, string?> Literal)> Types = new(StringComparer.Ordinal);

    static Parameter()
    {
        Add<string>("string", "a string", text => SymbolDisplay.FormatLiteral(text, quote: true));
        Add<bool>("bool", "a bool (true or false)", text => bool.TryParse(text, out bool value) ? SymbolDisplay.FormatPrimitive(value, true, false) : null);
        Add<char>("char", "a single character", text => text.Length == 1 ? SymbolDisplay.FormatLiteral(text[0], quote: true) : null);
        Whole<sbyte>("sbyte", "an sbyte");
        Whole<byte>("byte", "a byte");
        Whole<short>("short", "a short");
        Whole<ushort>("ushort", "a ushort");
        Whole<int>("int", "an int");
        Whole<uint>("uint", "a uint", "u");
        Whole<long>("long", "a long", "L");
        Whole<ulong>("ulong", "a ulong", "UL");
        Real<float>("float", "a float", value => value.ToString("R", CultureInfo.InvariantCulture) + "f");
        Real<double>("double", "a double", Double);
        Real<decimal>("decimal", "a decimal", value => value.ToString(CultureInfo.InvariantCulture) + "m");

        static void Whole<T>(string keyword, string said, string suffix = "") where T : INumber<T> => Add<T>(keyword, said,
            text => T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value.ToString(null, CultureInfo.InvariantCulture) + suffix : null);
        static void Real<T>(string keyword, string said, Func<T, string> literal) where T : INumber<T> => Add<T>(keyword, said,
            text => T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && T.IsFinite(value) ? literal(value) : null);
        static void Add<T>(string keyword, string said, Func<string, string?> literal) => Types[keyword] = Types[typeof(T).Name] = (said, literal);
    }

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

    /// <summary>Why a text does not fit, for a message that begins with the parameter's name.</summary>
    public string Refusal(GivenValue given) => Types.TryGetValue(Type, out var type)
        ? $"is {type.Said}{(IsNullable ? " or null" : "")}, which '{given.Text}' (from {given.Source}) is not"
        : $"is a {DeclaredType}, which '{given.Text}' (from {given.Source}) cannot set; strings, bools, characters and numbers can be set";

    /// <summary>The cell line that gives this variable another value, or null when <paramref name="text"/> does not fit the declared type.</summary>
    public string? Redeclare(string text) => Fit(text) is { } literal ? $"{DeclaredType} {Name} = {literal};" : null;

    private bool IsNullable => DeclaredType.EndsWith('?');

    /// <summary>The declared type, by its keyword or its name; where the declaration leaves it to the literal, the literal's.</summary>
    private string Type => DeclaredType.TrimEnd('?') switch
    {
        "var" or "object" or "dynamic" => Value?.GetType().Name ?? DeclaredType,
        var written => written.StartsWith("System.", StringComparison.Ordinal) ? written["System.".Length..] : written,
    };

    private string? Fit(string text)
    {
        if (!Types.TryGetValue(Type, out var type))
            return null;
        // A string may well read "null"; no other type has a text of that kind.
        return type.Literal(text) ?? (IsNullable && text == "null" ? text : null);
    }

    /// <summary>A double stays one: "1" would redeclare the variable as an int.</summary>
    private static string Double(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny(".E") ? text : text + ".0";
    }

    private static (bool IsLiteral, object? Value) Literal(ExpressionSyntax? expression) => expression switch
    {
        LiteralExpressionSyntax literal => (true, literal.RawKind == (int)SyntaxKind.DefaultLiteralExpression ? null : literal.Token.Value),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax literal } => literal.Token.Value switch
        {
            int value => (true, -value),
            uint and 1u + int.MaxValue => (true, int.MinValue),
            long value => (true, -value),
            ulong and 1ul + long.MaxValue => (true, long.MinValue),
            float value => (true, -value),
            double value => (true, -value),
            decimal value => (true, -value),
            _ => (false, null),
        },
        _ => (false, null),
    };
}
