using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace NotebookKit.Templates.Language;

/// <summary>Escaping for the filters that make HTML or URLs.</summary>
internal static partial class Html
{
    /// <summary>The text of marked-up values as it is, of everything else escaped.</summary>
    public static string Escape(object? value) => value is PyMarkup markup ? markup.Text : Escape((string)value!);

    public static string Escape(string text) => text.AsSpan().IndexOfAny("&<>'\"") < 0
        ? text
        : text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("'", "&#39;").Replace("\"", "&#34;");

    public static string StripTags(string text)
    {
        text = Tags().Replace(Comments().Replace(text, ""), "");
        return WebUtility.HtmlDecode(string.Join(' ', StringMethods.SplitSpace(text, -1)));
    }

    /// <summary>Percent-encodes UTF-8 bytes; letters, digits, <c>_.-~</c> and (in paths) <c>/</c> stay.</summary>
    public static string UrlQuote(string text, bool query)
    {
        var result = new StringBuilder(text.Length + 8);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            char c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '~' || (c == '/' && !query)) result.Append(c);
            else if (c == ' ' && query) result.Append('+');
            else result.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return result.ToString();
    }

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex("<.*?>", RegexOptions.Singleline)]
    private static partial Regex Tags();
}
