using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Says in one line how many tests a run has passed, failed and skipped, and why it skipped: a green run must not hide what it left out.</summary>
public sealed class SkippedTests : Task
{
    /// <summary>The result files (.trx) of the run, one a test project.</summary>
    [Required] public ITaskItem[] Results { get; set; }

    public override bool Execute()
    {
        XNamespace trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        List<XElement> tests = Results.SelectMany(file => XDocument.Load(file.ItemSpec).Descendants(trx + "UnitTestResult")).ToList();
        int passed = tests.Count(test => (string)test.Attribute("outcome") == "Passed");
        int failed = tests.Count(test => (string)test.Attribute("outcome") == "Failed");
        IEnumerable<string> reasons = tests
            .Where(test => (string)test.Attribute("outcome") == "NotExecuted")
            .Select(test => ((string)test.Element(trx + "Output")?.Element(trx + "ErrorInfo")?.Element(trx + "Message")
                ?? (string)test.Element(trx + "Output")?.Element(trx + "StdOut") ?? "no reason given").Trim().Split('\n')[0])
            .GroupBy(reason => reason)
            .OrderByDescending(same => same.Count())
            .Select(same => $"{same.Count()} × {same.Key}");
        string why = string.Join(" | ", reasons);
        Log.LogMessage(MessageImportance.High, "{0} passed, {1} failed, {2} skipped{3}", passed, failed, tests.Count - passed - failed, why.Length > 0 ? ": " + why : "");
        return true;
    }
}
