using System.Net;
using System.Text.RegularExpressions;

namespace NotebookKit.Display;

/// <summary>
/// Members of a library from its own source text, which its build puts into the assembly (resources named <c>source/…</c>): what is printed is
/// what runs, in every host and from every clone.
/// </summary>
public static partial class Source
{
    private const string Prefix = "source/";

    /// <summary>A member of a type: <c>Source.Of&lt;RankClassifier&gt;(nameof(RankClassifier.Score))</c>.</summary>
    /// <inheritdoc cref="Of(Type, string, string?)"/>
    public static Listing Of<T>(string member, string? containing = null) => Of(typeof(T), member, containing);

    /// <summary>A member of a type, static classes included; comments directly above it come along, its documentation as a summary.</summary>
    /// <param name="type">The type.</param>
    /// <param name="member">The name of a method, constructor or property; the name of the type itself for the whole type.</param>
    /// <param name="containing">A text in the line of the declaration that tells overloads apart; the first of them when left out.</param>
    /// <exception cref="ArgumentException">The assembly carries no source of the type, or the type has no such member.</exception>
    public static Listing Of(Type type, string member, string? containing = null)
    {
        string name = type.Name.Split('`')[0];
        var lines = SourceOf(type, name);
        int declaration = lines.FindIndex(l => Declares(l, name));
        int inside = Indent(lines[declaration]) + 4;
        int end = EndOf(lines, declaration);
        int start = member == name && containing is null
            ? declaration
            : Enumerable.Range(declaration + 1, end - declaration).FirstOrDefault(
                i => Indent(lines[i]) == inside && IsMember(lines[i], member) && (containing is null || lines[i].Contains(containing, StringComparison.Ordinal)), -1);
        if (start < 0)
        {
            var known = Enumerable.Range(declaration + 1, end - declaration).Where(i => Indent(lines[i]) == inside).Select(i => Member().Match(lines[i])).Where(m => m.Success).Select(m => m.Groups["name"].Value).Distinct();
            throw new ArgumentException($"{name} has no member '{member}'{(containing is null ? "" : $" whose declaration contains '{containing}'")}; it has {string.Join(", ", known)}.", nameof(member));
        }

        int above = start;
        while (above > 0 && lines[above - 1].TrimStart() is var line && (line.StartsWith("//", StringComparison.Ordinal) || (line.StartsWith('[') && line.EndsWith(']'))))
        {
            above--;
        }

        string documentation = string.Join(' ', lines[above..start].Select(l => l.Trim()).Where(l => l.StartsWith("///", StringComparison.Ordinal)).Select(l => l[3..].Trim()));
        var shown = lines[above..start].Where(l => !l.TrimStart().StartsWith("///", StringComparison.Ordinal) && !l.TrimStart().StartsWith('['))
            .Concat(lines[start..(EndOf(lines, start) + 1)])
            .Select(l => l.Length == 0 ? l : l[Math.Min(Indent(lines[start]), l.Length)..]);
        return new Listing(member == name ? name : $"{name}.{member}", string.Join('\n', shown), Summary(documentation));
    }

    private static List<string> SourceOf(Type type, string name)
    {
        var sources = type.Assembly.GetManifestResourceNames().Where(r => r.StartsWith(Prefix, StringComparison.Ordinal))
            // The file named after the type is where it most likely is.
            .OrderBy(r => Path.GetFileNameWithoutExtension(r.Replace('\\', '/')) == name ? 0 : 1).ThenBy(r => r, StringComparer.Ordinal);
        foreach (string? resource in sources)
        {
            using var reader = new StreamReader(type.Assembly.GetManifestResourceStream(resource)!);
            string text = reader.ReadToEnd().ReplaceLineEndings("\n");
            if (text.Split('\n').ToList() is var lines && lines.Contains($"namespace {type.Namespace};") && lines.Exists(l => Declares(l, name)))
            {
                return lines;
            }
        }

        throw new ArgumentException($"The assembly {type.Assembly.GetName().Name} carries no source of {type.FullName}; its project must embed it as '{Prefix}…'.", nameof(type));
    }

    private static bool Declares(string line, string type) => Regex.IsMatch(line, $@"^\s*(?!//)[\w\s]*\b(class|record|struct|interface|enum)\s+{Regex.Escape(type)}\b");

    private static bool IsMember(string line, string name) => Member().Match(line) is { Success: true } match && match.Groups["name"].Value == name;

    /// <summary>The last line of what is declared at a line. The house's layout says it: what belongs to it is further in, but for braces.</summary>
    private static int EndOf(List<string> lines, int start)
    {
        int indent = Indent(lines[start]);
        int last = start;
        for (int i = start + 1; i < lines.Count; i++)
        {
            if (lines[i].Trim().Length == 0)
            {
                continue;
            }

            // A list may open below "=>"; elsewhere "[" begins an attribute of what comes next.
            bool closes = Indent(lines[i]) == indent && (lines[i].TrimStart()[0] is '{' or '}' or ']' or ')' || (lines[i].TrimStart()[0] == '[' && lines[last].EndsWith('>')));
            if (Indent(lines[i]) <= indent && !closes)
            {
                break;
            }

            last = i;
        }

        return last;
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    private static string Summary(string documentation)
    {
        string summary = SummaryElement().Match(documentation).Groups["text"].Value;
        return WebUtility.HtmlDecode(AnyTag().Replace(Reference().Replace(summary, m => m.Groups["name"].Value.Split('(')[0].Split('.')[^1]), "")).Trim();
    }

    /// <summary>A declaration: a name before its parameters or before a body, with a type or a modifier in front of it.</summary>
    [GeneratedRegex(@"^\s+(?!//|\[|return\b|throw\b|new\b|if\b|for\b|foreach\b|while\b|using\b|else\b|await\b)[\w<>\[\],.?() ]*?\b(?!(public|private|internal|protected|static|override|virtual|abstract|async|readonly|partial|required)\b)(?<name>\w+)(<[\w, ]+>)?\s*(\(|\{|=>|=(?!=)|;|$)")]
    private static partial Regex Member();

    [GeneratedRegex("<summary>(?<text>.*?)</summary>")]
    private static partial Regex SummaryElement();

    [GeneratedRegex("<(see|seealso|paramref|typeparamref) (cref|name|langword)=\"(?<name>[^\"]*)\" ?/>")]
    private static partial Regex Reference();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex AnyTag();
}
