using System.Globalization;

namespace NotebookKit.Interactive;

/// <summary>A progress report as a phrase: "pre-training 120 of 400 (30 %), loss 5.1".</summary>
internal static class ProgressText
{
    public static string Of(ProgressReport report)
    {
        var culture = CultureInfo.InvariantCulture;
        var amount = report.Total > 0
            ? string.Create(culture, $"{report.Stage} {report.Done:N0} of {report.Total:N0} ({100 * report.Done / report.Total} %)")
            : string.Create(culture, $"{report.Stage} {report.Done:N0}");
        return report.Note.Length > 0 ? $"{amount}, {report.Note}" : amount;
    }
}
