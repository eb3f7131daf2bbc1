namespace LivingCity.Gateway.Portal.Assessment;

/// <summary>Names the texts of the assessment's pages: <c>AssessmentTexts.resx</c> (English) and <c>AssessmentTexts.bg.resx</c>.</summary>
internal sealed class AssessmentTexts;
