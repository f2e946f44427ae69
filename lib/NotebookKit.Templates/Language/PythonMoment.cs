using System.Globalization;

namespace NotebookKit.Templates.Language;

/// <summary>Dates, times and decimals as Python prints them with <c>str</c>: <c>2020-01-02 03:04:05.250000+00:00</c>, <c>1 day, 2:03:04</c>, <c>1.50</c>.</summary>
internal static class PythonMoment
{
    public static string Text(IFormattable value) => value switch
    {
        DateTime moment => Format(moment, "yyyy-MM-dd HH:mm:ss") + Fraction(moment.Ticks) + (moment.Kind == DateTimeKind.Utc ? "+00:00" : ""),
        DateTimeOffset moment => Format(moment, "yyyy-MM-dd HH:mm:ss") + Fraction(moment.Ticks) + Format(moment, "zzz"),
        DateOnly date => Format(date, "yyyy-MM-dd"),
        TimeOnly time => Format(time, "HH:mm:ss") + Fraction(time.Ticks),
        TimeSpan span => Duration(span),
        _ => Format(value, null),
    };

    /// <summary>Microseconds where there are any, and nine digits where those do not suffice (pandas' nanoseconds).</summary>
    /// <param name="ticks">Units of 100 ns, of which what is below a second counts.</param>
    private static string Fraction(long ticks)
    {
        long part = ticks % TimeSpan.TicksPerSecond;
        return part == 0 ? "" : part % 10 == 0 ? Format(part / 10, "'.'000000") : Format(part * 100, "'.'000000000");
    }

    /// <summary>Python counts whole days downwards, so that the hours are never negative.</summary>
    private static string Duration(TimeSpan span)
    {
        long days = (long)Math.Floor(span.TotalDays);
        var rest = span - new TimeSpan(days * TimeSpan.TicksPerDay);
        return (days == 0 ? "" : Format(days, null) + (Math.Abs(days) == 1 ? " day, " : " days, ")) + Format(rest, "h':'mm':'ss") + Fraction(rest.Ticks);
    }

    private static string Format(IFormattable value, string? format) => value.ToString(format, CultureInfo.InvariantCulture);
}
