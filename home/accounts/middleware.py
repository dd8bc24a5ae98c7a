"""Pages of an account: one person's own, and honest about a refusal."""

from home.accounts import shoppers
from home.cacheable import keep_private

PREFIX = "/account/"


class AccountPages:
    """Below /account/ nothing is stored or listed, a cookie says who sees what everyone
    sees, and a form that was refused answers 422: django-allauth would say 200."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(PREFIX):
            keep_private(response)
            shoppers.tell(request, response)
        return response

    def process_template_response(self, request, response):
        is_answer = request.method == "POST" and response.status_code == 200
        if is_answer and request.path.startswith(PREFIX):
            form = (response.context_data or {}).get("form")
            if form is not None and getattr(form, "errors", None):
                response.status_code = 422
        return response
