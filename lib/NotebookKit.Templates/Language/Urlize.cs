using System.Text;
using System.Text.RegularExpressions;

namespace NotebookKit.Templates.Language;

/// <summary>The filter <c>urlize</c>: addresses in plain text become links.</summary>
internal static partial class Urlize
{
    private static readonly (string Open, string Close)[] Brackets = [("(", ")"), ("<", ">"), ("&lt;", "&gt;")];

    public static string Apply(RenderState state, string text, object?[] a)
    {
        int? limit = Routine.Or(a[0], null) is { } given ? Arithmetic.ToIndex(given) : null;
        var rel = new SortedSet<string>(StringComparer.Ordinal) { "noopener" };
        if (Routine.Given(a[1]) && Ops.Truth(a[1])) rel.Add("nofollow");
        if (Routine.Or(a[3], null) is { } relText) rel.UnionWith(StringMethods.SplitSpace(Printing.Str(state, relText), -1));
        string attributes = $" rel=\"{Html.Escape(string.Join(' ', rel))}\"";
        if (Routine.Or(a[2], null) is { } target && Ops.Truth(target)) attributes += $" target=\"{Html.Escape(Printing.Str(state, target))}\"";
        var schemes = Routine.Or(a[4], null) is { } extra ? Ops.ToList(state, extra).Select(s => Printing.Str(state, s)).ToList() : [];
        foreach (string scheme in schemes)
        {
            if (!Scheme().IsMatch(scheme)) throw PythonError.Value($"{Printing.Quote(scheme)} is not a valid URI scheme prefix.");
        }
        state.Charge(text.Length);
        string Trim(string address) => limit is { } max && CodePoints.Length(address) > max ? CodePoints.Substring(address, 0, Math.Max(0, max)) + "..." : address;

        var result = new StringBuilder(text.Length * 2);
        foreach (string word in Spaces().Split(Html.Escape(text))) result.Append(Link(word, attributes, schemes, Trim));
        state.ChargeText(result.Length);
        return result.ToString();
    }

    private static string Link(string word, string attributes, List<string> schemes, Func<string, string> trim)
    {
        string head = Opening().Match(word).Value;
        string middle = word[head.Length..];
        string tail = "";
        if (Closing().Match(middle) is { Success: true } closing)
        {
            tail = closing.Value;
            middle = middle[..closing.Index];
        }
        // A bracket that the address itself opens belongs to it.
        foreach (var (open, close) in Brackets)
        {
            int missing = Count(middle, open) - Count(middle, close);
            if (missing <= 0) continue;
            for (int n = Math.Min(Count(middle, open), Count(tail, close)); n > 0; n--)
            {
                int end = tail.IndexOf(close, StringComparison.Ordinal) + close.Length;
                middle += tail[..end];
                tail = tail[end..];
            }
        }
        if (Web().IsMatch(middle))
        {
            string address = middle.StartsWith("https://", StringComparison.Ordinal) || middle.StartsWith("http://", StringComparison.Ordinal) ? middle : "https://" + middle;
            middle = $"<a href=\"{address}\"{attributes}>{trim(middle)}</a>";
        }
        else if (middle.StartsWith("mailto:", StringComparison.Ordinal) && Mail().IsMatch(middle[7..])) middle = $"<a href=\"{middle}\">{middle[7..]}</a>";
        else if (middle.Contains('@') && !middle.StartsWith("www.", StringComparison.Ordinal) && !middle.StartsWith('@') && !middle.Contains(':') && Mail().IsMatch(middle))
            middle = $"<a href=\"mailto:{middle}\">{middle}</a>";
        else
        {
            foreach (string scheme in schemes)
            {
                if (middle != scheme && middle.StartsWith(scheme, StringComparison.Ordinal)) middle = $"<a href=\"{middle}\"{attributes}>{middle}</a>";
            }
        }
        return head + middle + tail;
    }

    private static int Count(string text, string part) => text.AsSpan().Count(part);

    [GeneratedRegex(@"(\s+)")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^(?:[(<]|&lt;)+")]
    private static partial Regex Opening();

    [GeneratedRegex(@"(?:[)>.,\n]|&gt;)+\z")]
    private static partial Regex Closing();

    [GeneratedRegex(@"^[\w.+-]{2,}:/{0,2}\z")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^\S+@\w[\w.-]*\.\w+\z")]
    private static partial Regex Mail();

    [GeneratedRegex(@"^((https?://|www\.)(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})|([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)|(https?://)((([\d]{1,3})(\.[\d]{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}])))(?::[\d]{1,5})?(?:[/?#]\S*)?\z", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Web();
}
